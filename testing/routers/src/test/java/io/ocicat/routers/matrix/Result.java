package io.ocicat.routers.matrix;

/** What came of a cell. */
sealed interface Result {

  record Works() implements Result {}

  /** The peer cannot, and why not. */
  record Cannot(String reason) implements Result {}

  record Failed(Throwable cause) implements Result {}

  /** Nobody has tried. */
  record NotRun() implements Result {}
}
