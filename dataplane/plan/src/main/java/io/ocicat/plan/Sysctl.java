package io.ocicat.plan;

/**
 * A kernel parameter that should have a value.
 *
 * @param path below {@code /proc/sys}, for example {@code net/ipv4/ip_forward}
 */
public record Sysctl(String path, String value) implements Comparable<Sysctl> {

  @Override
  public int compareTo(Sysctl other) {
    return path.compareTo(other.path);
  }
}
