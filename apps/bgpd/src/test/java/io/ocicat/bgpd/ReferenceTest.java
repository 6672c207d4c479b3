package io.ocicat.bgpd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The table of all fields in the manual, against what the readers look for. */
class ReferenceTest {

  private static final Pattern FIELD = Pattern.compile("`([^`]+)`");

  /** Has every mapping that a file may have. */
  private static final String EVERYTHING =
      """
      routerId: 192.0.2.1
      as: 65001
      decision: {}
      kernel: {}
      bmp: [{address: 192.0.2.9, port: 1790}]
      prefixLists: [{name: l}]
      policies:
      - name: p
        terms:
        - match: {length: {}, asPathLength: {}, asPathStarts: [1], source: [local]}
          set: {communities: []}
      peers:
      - name: a
        address: 192.0.2.2
        as: internal
        addPath: {}
        maxPrefixes: {limit: 1}
        gracefulRestart: {}
        bfd: {}
        import: {}
        export: {}
      ranges: [{name: r, prefix: 192.0.2.0/24, as: internal}]
      """;

  /** What the readers look for; lists are the same with and without brackets. */
  private static SortedSet<String> lookedFor() throws Exception {
    Findings findings = new Findings(EVERYTHING);
    BgpdConfigReader.Reading reading =
        BgpdConfigReader.read(BgpdConfigReader.tree(EVERYTHING), findings, Path.of("/"));
    assertThat(reading).isInstanceOf(BgpdConfigReader.Reading.Valid.class);
    Set<String> ownOfRanges = Set.of("ranges.name", "ranges.prefix", "ranges.most", "ranges");
    return findings.fields().stream()
        .map(field -> field.replace("[]", ""))
        .filter(
            field ->
                !field.startsWith("ranges")
                    || ownOfRanges.contains(field)
                    || field.equals("ranges.interface"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static SortedSet<String> written() throws Exception {
    String manual = Files.readString(Path.of("../../docs/bgpd.md"));
    String table = manual.substring(manual.indexOf("## All fields"));
    SortedSet<String> fields = new TreeSet<>();
    table
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.substring(0, line.indexOf('|', 1)))
        .forEach(
            cell -> {
              Matcher matcher = FIELD.matcher(cell);
              while (matcher.find()) {
                fields.add(matcher.group(1).replace("…", "policies[].terms[]").replace("[]", ""));
              }
            });
    return fields;
  }

  @Test
  void theManualHasAllFieldsAndNoOthers() throws Exception {
    assertThat(written()).isEqualTo(lookedFor());
  }
}
