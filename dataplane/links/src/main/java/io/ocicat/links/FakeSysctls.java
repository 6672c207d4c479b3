package io.ocicat.links;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Parameters in memory for tests; those that are to exist are put there first. */
public final class FakeSysctls implements SysctlTable {

  private final Map<String, String> values = new TreeMap<>();

  /** Sets a value, as somebody else would. */
  public void put(String path, String value) {
    values.put(path, value);
  }

  @Override
  public Optional<String> read(String path) {
    return Optional.ofNullable(values.get(path));
  }

  @Override
  public void write(String path, String value) throws IOException {
    if (values.replace(path, value) == null) {
      throw new IOException("there is no " + path);
    }
  }

  @Override
  public List<String> children(String path) {
    String prefix = path + "/";
    return values.keySet().stream()
        .filter(each -> each.startsWith(prefix))
        .map(each -> each.substring(prefix.length()).replaceFirst("/.*", ""))
        .distinct()
        .toList();
  }
}
