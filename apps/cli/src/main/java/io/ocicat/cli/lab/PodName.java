package io.ocicat.cli.lab;

import io.ocicat.cli.Refusal;

/** {@code [NS/]NAME} together with {@code -n NS}. */
record PodName(String namespace, String name) {
  static PodName of(String text, String option) {
    int slash = text.indexOf('/');
    String own = slash < 0 ? "" : text.substring(0, slash);
    if (!own.isEmpty() && !option.isEmpty() && !own.equals(option)) {
      throw new Refusal("pod '" + text + "' and namespace '" + option + "' do not agree");
    }
    String namespace = !own.isEmpty() ? own : !option.isEmpty() ? option : "default";
    return new PodName(namespace, text.substring(slash + 1));
  }
}
