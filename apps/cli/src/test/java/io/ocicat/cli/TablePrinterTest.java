package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePrinterTest {

  @Test
  void padsAsKubectlDoes() {
    assertThat(printed(0))
        .isEqualTo(
            """
            NAME    STATUS
            a       Running
            a-long-name   Pending
            """
                .replace("NAME    ", "NAME          ")
                .replace("a       ", "a             "));
  }

  @Test
  void cutsTheWidestCellsToTheTerminal() {
    assertThat(printed(18).lines()).allMatch(line -> line.length() <= 18);
    assertThat(printed(18)).contains("a-long-…");
  }

  private static String printed(int width) {
    StringWriter text = new StringWriter();
    new TablePrinter(new PrintWriter(text), width)
        .print(
            List.of("Name", "Status"),
            List.of(List.of("a", "Running"), List.of("a-long-name", "Pending")));
    return text.toString();
  }
}
