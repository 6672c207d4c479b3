package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * Questions that a client may ask about itself, and which are not stored: who am I, may I. Every
 * user that is let in may do everything.
 */
final class Reviews {

  static final List<Review> ALL =
      List.of(
          new Review("authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview"),
          new Review(
              "authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview"));

  private Reviews() {}

  /** A kind of question. */
  record Review(String group, String version, String plural, String kind) {}

  /** The answer, if it is such a question. */
  static Optional<Response> answer(RequestPath path, Request request) {
    if (!request.method().equals("POST") || !path.name().isEmpty()) {
      return Optional.empty();
    }
    return ALL.stream()
        .filter(
            review ->
                review.group().equals(path.group())
                    && review.version().equals(path.version())
                    && review.plural().equals(path.resource()))
        .findFirst()
        .map(review -> Response.json(201, answer(review, request)));
  }

  private static JsonNode answer(Review review, Request request) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("apiVersion", review.group() + "/" + review.version()).put("kind", review.kind());
    answer.putObject("metadata");
    ObjectNode status = answer.putObject("status");
    if (review.kind().equals("SelfSubjectReview")) {
      ObjectNode user = status.putObject("userInfo").put("username", request.user().name());
      request.user().groups().forEach(user.putArray("groups")::add);
    } else {
      status.put("allowed", true);
    }
    return answer;
  }
}
