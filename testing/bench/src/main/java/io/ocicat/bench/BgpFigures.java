package io.ocicat.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What one run through a speaker was like. */
record BgpFigures(Map<Figure, Double> values) {

  /** What is measured; a run need not have all. */
  enum Figure {
    LOADED("all routes s", 1000),
    LATE("late peer s", 1000),
    WITHDRAWN("ping down ms", 1),
    ANNOUNCED("ping up ms", 1),
    FLUSHED("withdrawn s", 1000),
    COLD("from start s", 1),
    RESTARTED("restart s", 1),
    CPU("CPU s", 1),
    PEAK("peak MB", 1),
    FOREIGN("others' CPU %", 1);

    final String title;
    private final double divisor;

    Figure(String title, double divisor) {
      this.title = title;
      this.divisor = divisor;
    }

    /** Its name in JSON. */
    String json() {
      return title.replace("'", "").replace("%", "percent").replace(' ', '_');
    }
  }

  BgpFigures {
    values = Map.copyOf(values);
  }

  /** Reads what bgpfeed says; what it could not measure is left out. */
  static BgpFigures of(BgpScenario scenario, JsonNode said) {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    JsonNode load = said.path("load");
    if (scenario.sinks() > 0) {
      put(values, Figure.LOADED, slowest(load.path("sinks"), "full_ms"));
      put(values, Figure.FLUSHED, slowest(said.path("withdraw").path("sinks"), "empty_ms"));
    } else {
      put(values, Figure.LOADED, load.path("idle_ms").asDouble(-1));
    }
    if (scenario.late()) {
      put(values, Figure.LATE, said.path("late").path("full_ms").asDouble(-1));
    }
    if (scenario.pings() > 0) {
      put(values, Figure.WITHDRAWN, said.path("ping").path("down_ms").path(1).asDouble(-1));
      put(values, Figure.ANNOUNCED, said.path("ping").path("up_ms").path(1).asDouble(-1));
    }
    put(values, Figure.CPU, load.path("cpu_s").asDouble(-1));
    put(values, Figure.PEAK, said.path("withdraw").path("after").path("hwm_mb").asDouble(-1));
    put(values, Figure.FOREIGN, load.path("foreign_pct").asDouble(-1));
    return new BgpFigures(values);
  }

  private static void put(Map<Figure, Double> values, Figure figure, double value) {
    if (value >= 0) {
      values.put(figure, value / figure.divisor);
    }
  }

  /** -1 if one of them did not come to an end. */
  private static double slowest(JsonNode sinks, String field) {
    List<Double> all =
        StreamSupport.stream(sinks.spliterator(), false)
            .map(sink -> sink.path(field).asDouble(-1))
            .toList();
    return all.isEmpty() || all.stream().anyMatch(ms -> ms < 0)
        ? -1
        : all.stream().mapToDouble(ms -> ms).max().orElse(-1);
  }

  /** Of several runs the middle one, figure by figure. */
  static BgpFigures median(List<BgpFigures> runs) {
    Map<Figure, Double> values = new EnumMap<>(Figure.class);
    for (Figure figure : Figure.values()) {
      List<Double> sorted =
          runs.stream()
              .filter(run -> run.values().containsKey(figure))
              .map(run -> run.values().get(figure))
              .sorted()
              .toList();
      if (sorted.size() == runs.size() && !sorted.isEmpty()) {
        values.put(figure, sorted.get(sorted.size() / 2));
      }
    }
    return new BgpFigures(values);
  }
}
