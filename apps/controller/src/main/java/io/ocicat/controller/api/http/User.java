package io.ocicat.controller.api.http;

import java.util.List;

/** Who asks. */
public record User(String name, List<String> groups) {

  static final User ANONYMOUS = new User("system:anonymous", List.of("system:unauthenticated"));

  public User {
    groups = List.copyOf(groups);
  }
}
