package io.ocicat.cli.lab;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.cli.OutputOption;
import io.ocicat.client.Documents;
import io.ocicat.lab.LabTraffic.Matrix;
import io.ocicat.lab.traffic.ProbeResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ocicat lab matrix}. */
@Command(
    name = "matrix",
    mixinStandardHelpOptions = true,
    description = "Probe every ordered pair of pods in parallel.")
final class MatrixCommand implements Callable<Integer> {
  @Mixin private LabOption lab = new LabOption();
  @Mixin private ProbeOptions options = new ProbeOptions();
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    if (!options.valid()) {
      throw new ParameterException(
          spec.commandLine(), "--port is 1 to 65535 and --family is 4 or 6");
    }
    Matrix matrix = lab.attach().traffic().matrix(options.attempt());
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      out.println(Documents.toJson(describe(matrix)));
    } else {
      print(out, matrix, options.port() + "/" + options.protocol());
    }
    out.flush();
    return 0;
  }

  private ObjectNode describe(Matrix matrix) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.put("port", options.port());
    document.put("protocol", options.protocol().toString());
    ArrayNode pods = document.putArray("pods");
    matrix.pods().forEach(pods::add);
    rows(document, "rows", matrix, ProbeResult::allowed);
    rows(document, "verdicts", matrix, result -> result.verdict().toString());
    rows(document, "peerSaw", matrix, ProbeResult::peerSaw);
    return document;
  }

  private static void rows(
      ObjectNode document, String field, Matrix matrix, Function<ProbeResult, Object> cell) {
    ArrayNode rows = document.putArray(field);
    for (List<ProbeResult> row : matrix.rows()) {
      ArrayNode cells = rows.addArray();
      row.forEach(result -> cells.addPOJO(cell.apply(result)));
    }
  }

  /** Rows are sources; columns are the same pods by number. */
  static void print(PrintWriter out, Matrix matrix, String what) {
    int widest = matrix.pods().stream().mapToInt(String::length).max().orElse(0);
    int digits = String.valueOf(matrix.pods().size()).length();
    out.printf("%-" + (widest + digits + 2) + "s", what);
    for (int column = 1; column <= matrix.pods().size(); column++) {
      out.printf(" %" + Math.max(2, digits) + "d", column);
    }
    out.println();
    for (int row = 0; row < matrix.pods().size(); row++) {
      out.printf(
          "%" + digits + "d  %-" + Math.max(1, widest) + "s", row + 1, matrix.pods().get(row));
      for (ProbeResult result : matrix.rows().get(row)) {
        String mark =
            switch (result.verdict()) {
              case ALLOWED -> "✓";
              case DROPPED -> "✗";
              case REFUSED -> "!";
            };
        out.printf(" %" + Math.max(2, digits) + "s", mark);
      }
      out.println();
    }
    out.println("✓ answered   ✗ nothing came back   ! refused");
  }
}
