package io.ocicat.libc;

import java.util.ArrayList;
import java.util.List;

/**
 * The layout of a C structure by the rules of the ABI: every field aligned to its own alignment,
 * the whole to the largest of them.
 *
 * <p>It documents what a codec assumes, so that a test can print {@code sizeof} and {@code
 * offsetof} from a compiled C file and compare.
 *
 * @param headers the headers to include for it
 */
public record CStruct(String name, List<String> headers, List<Field> fields, int sizeBytes) {

  /** One field, with its place in the structure. */
  public record Field(String name, int offset, int sizeBytes) {}

  public CStruct {
    headers = List.copyOf(headers);
    fields = List.copyOf(fields);
  }

  public static Builder of(String name, String... headers) {
    return new Builder(name, List.of(headers));
  }

  /**
   * Offset of a field in bytes.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public int offset(String field) {
    return fields.stream()
        .filter(f -> f.name.equals(field))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(name + " has no field " + field))
        .offset;
  }

  /** Adds fields in the order of the C declaration. */
  public static final class Builder {

    private final String name;
    private final List<String> headers;
    private final List<Field> fields = new ArrayList<>();
    private int end;
    private int alignment = 1;

    private Builder(String name, List<String> headers) {
      this.name = name;
      this.headers = headers;
    }

    public Builder u8(String field) {
      return bytes(field, 1, 1);
    }

    public Builder u16(String field) {
      return bytes(field, 2, 2);
    }

    public Builder u32(String field) {
      return bytes(field, 4, 4);
    }

    public Builder u64(String field) {
      return bytes(field, 8, 8);
    }

    /** A field of any size, for example an array or a structure. */
    public Builder bytes(String field, int sizeBytes, int fieldAlignment) {
      int offset = align(end, fieldAlignment);
      fields.add(new Field(field, offset, sizeBytes));
      end = offset + sizeBytes;
      alignment = Math.max(alignment, fieldAlignment);
      return this;
    }

    public CStruct build() {
      return new CStruct(name, headers, fields, align(end, alignment));
    }

    private static int align(int offset, int alignment) {
      return (offset + alignment - 1) / alignment * alignment;
    }
  }
}
