package io.ocicat.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DocumentsTest {

  @Test
  void readsSeveralDocumentsAndSkipsEmptyOnes() {
    Documents.Read read =
        Documents.read(
            "f.yaml",
            """
            # a comment
            ---
            kind: A
            metadata: {name: a, namespace: n}
            ---
            ---
            kind: B
            metadata: {name: b}
            """);
    assertThat(read.problems()).isEmpty();
    assertThat(read.documents())
        .extracting(Documents.Document::title)
        .containsExactly("A n/a", "B b");
  }

  @Test
  void takesListsApart() {
    Documents.Read read =
        Documents.read("f", "{\"kind\":\"List\",\"items\":[{\"kind\":\"A\"},{\"kind\":\"B\"}]}");
    assertThat(read.documents())
        .extracting(Documents.Document::source)
        .containsExactly("f, document 1, item 1", "f, document 1, item 2");
  }

  @Test
  void tellsTheLineOfWhatCannotBeRead() {
    Documents.Read read = Documents.read("f.yaml", "kind: A\n---\nkind: [\n");
    assertThat(read.documents()).hasSize(1);
    assertThat(read.problems()).singleElement().asString().startsWith("f.yaml, line ");
    assertThat(Documents.read("f.yaml", "kind: A\nspec: {a: {'b'}c}\n").problems())
        .containsExactly(
            "f.yaml, line 2: while parsing a flow mapping: expected ',' or '}', but got <scalar>");
  }

  @Test
  void refusesWhatIsNoObject() {
    assertThat(Documents.read("f.yaml", "just words").problems())
        .singleElement()
        .asString()
        .contains("f.yaml, document 1");
  }
}
