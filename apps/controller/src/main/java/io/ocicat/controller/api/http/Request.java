package io.ocicat.controller.api.http;

import com.sun.net.httpserver.HttpExchange;
import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;
import io.ocicat.controller.api.StatusReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a client asks: the HTTP exchange read through, its body whole. */
record Request(
    String method,
    List<String> path,
    Map<String, String> query,
    Optional<String> accept,
    Optional<String> contentType,
    String userAgent,
    Bytes body,
    User user) {

  /** Upstream's limit for the body of a write. */
  private static final int MAX_BODY_BYTES = 3 * 1024 * 1024;

  static Request read(HttpExchange exchange, User user) {
    return new Request(
        exchange.getRequestMethod(),
        path(exchange.getRequestURI().getRawPath()),
        query(exchange.getRequestURI().getRawQuery()),
        header(exchange, "Accept"),
        header(exchange, "Content-Type"),
        header(exchange, "User-Agent").orElse(""),
        body(exchange),
        user);
  }

  static Optional<String> header(HttpExchange exchange, String name) {
    List<String> values = exchange.getRequestHeaders().get(name);
    return values == null ? Optional.empty() : Optional.of(String.join(",", values));
  }

  /** The query parameter's value; empty if it is not there. */
  String parameter(String name) {
    return query.getOrDefault(name, "");
  }

  /** Whether a query parameter says yes. */
  boolean flag(String name) {
    String value = query.get(name);
    return value != null && !value.equals("false") && !value.equals("0");
  }

  /** The query parameter as a number that is not negative; 0 if it is not there. */
  long number(String name) {
    String text = parameter(name);
    if (text.isEmpty()) {
      return 0;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw new ApiException(
          ApiStatus.badRequest("query parameter %s=%s is not a number".formatted(name, text)));
    }
    return Long.parseLong(text);
  }

  private static List<String> path(String rawPath) {
    List<String> segments = new ArrayList<>();
    for (String segment : rawPath.split("/")) {
      if (!segment.isEmpty()) {
        segments.add(decode(segment.replace("+", "%2B")));
      }
    }
    return segments;
  }

  private static Map<String, String> query(String rawQuery) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (rawQuery != null) {
      for (String pair : rawQuery.split("&")) {
        int equals = pair.indexOf('=');
        String name = equals < 0 ? pair : pair.substring(0, equals);
        parameters.putIfAbsent(decode(name), equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ApiException(ApiStatus.badRequest("the URL has a bad escape: " + text));
    }
  }

  private static Bytes body(HttpExchange exchange) {
    try {
      byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
      if (body.length > MAX_BODY_BYTES) {
        throw new ApiException(
            ApiStatus.of(
                StatusReason.REQUEST_ENTITY_TOO_LARGE,
                "Request entity too large: limit is " + MAX_BODY_BYTES));
      }
      return Bytes.of(body);
    } catch (IOException e) {
      throw new UncheckedIOException("reading the request's body", e);
    }
  }
}
