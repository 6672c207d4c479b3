package io.ocicat.lab;

/** Hears what is being done, in words for people. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress SILENT = text -> {};

  /** Something was reached. */
  void step(String text);
}
