package io.ocicat.controller.api.http;

import java.io.IOException;
import java.io.OutputStream;

/** The bytes of a body, which nobody changes any more. */
final class Bytes {

  static final Bytes NONE = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** Takes the array over: the caller lets go of it. */
  static Bytes of(byte[] content) {
    return new Bytes(content);
  }

  /** Not a copy: only for readers. */
  byte[] content() {
    return content;
  }

  int size() {
    return content.length;
  }

  boolean isEmpty() {
    return content.length == 0;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(content);
  }
}
