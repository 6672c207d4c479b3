package io.ocicat.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a set's key: one field, or several concatenated. In a concatenation each field fills
 * whole registers.
 */
public record KeyType(List<DataType> fields) {
  /** {@code TYPE_BITS} of nft: bits of a type's number in that of a concatenation. */
  private static final int TYPE_BITS = 6;

  public KeyType {
    fields = List.copyOf(fields);
    if (fields.isEmpty() || fields.size() > 5) {
      throw new IllegalArgumentException(
          "a key has 1 to 5 fields, not " + fields.size() + ": " + fields);
    }
  }

  public static KeyType of(DataType... fields) {
    return new KeyType(List.of(fields));
  }

  public boolean isConcatenation() {
    return fields.size() > 1;
  }

  /** Length of a key in bytes. */
  public int lengthBytes() {
    return isConcatenation()
        ? fields.stream().mapToInt(DataType::paddedBytes).sum()
        : fields.getFirst().lengthBytes();
  }

  /** The number nft gives this type. */
  int id() {
    int id = 0;
    for (DataType field : fields) {
      id = id << TYPE_BITS | field.id();
    }
    return id;
  }

  DataType.ValueOrder byteOrder() {
    return isConcatenation() ? DataType.ValueOrder.INVALID : fields.getFirst().byteOrder();
  }

  /** The reverse of {@link #id}; a type that is not known stays one opaque field. */
  static KeyType ofId(int id, int lengthBytes) {
    if (id >>> TYPE_BITS == 0) {
      return of(DataType.ofOrUnknown(id, lengthBytes));
    }
    List<DataType> fields = new ArrayList<>();
    for (int rest = id; rest != 0; rest >>>= TYPE_BITS) {
      DataType.of(rest & ((1 << TYPE_BITS) - 1)).ifPresent(fields::addFirst);
    }
    int padded = fields.stream().mapToInt(DataType::paddedBytes).sum();
    return fields.size() > 1 && padded == lengthBytes
        ? new KeyType(fields)
        : of(DataType.ofOrUnknown(id, lengthBytes));
  }

  /** Whether each field of {@code key} is in that field's range of {@code element}. */
  boolean covers(Element element, Bytes key) {
    int start = 0;
    for (DataType field : fields) {
      int end = start + field.paddedBytes();
      Bytes part = key.slice(start, end);
      if (part.compareTo(element.first().slice(start, end)) < 0
          || part.compareTo(element.last().slice(start, end)) > 0) {
        return false;
      }
      start = end;
    }
    return true;
  }

  /** Whether some key is in both of {@code a} and {@code b}. */
  public boolean overlap(Element a, Element b) {
    if (!isConcatenation()) {
      return a.first().compareTo(b.last()) <= 0 && b.first().compareTo(a.last()) <= 0;
    }
    int start = 0;
    for (DataType field : fields) {
      int end = start + field.paddedBytes();
      if (a.first().slice(start, end).compareTo(b.last().slice(start, end)) > 0
          || b.first().slice(start, end).compareTo(a.last().slice(start, end)) > 0) {
        return false;
      }
      start = end;
    }
    return true;
  }

  /**
   * A key of this type.
   *
   * @param values one for each field
   * @throws IllegalArgumentException if number or lengths do not fit
   */
  public Bytes key(Bytes... values) {
    if (values.length != fields.size()) {
      throw new IllegalArgumentException(
          "a key of type " + this + " has " + fields.size() + " fields, not " + values.length);
    }
    Bytes key = Bytes.EMPTY;
    for (int i = 0; i < values.length; i++) {
      if (values[i].length() != fields.get(i).lengthBytes()) {
        throw new IllegalArgumentException(
            "field "
                + fields.get(i)
                + " has "
                + fields.get(i).lengthBytes()
                + " bytes, not "
                + values[i].length()
                + ": "
                + values[i]);
      }
      key = key.plus(isConcatenation() ? values[i].padded() : values[i]);
    }
    return key;
  }

  @Override
  public String toString() {
    return fields.stream().map(DataType::name).collect(Collectors.joining(" . "));
  }
}
