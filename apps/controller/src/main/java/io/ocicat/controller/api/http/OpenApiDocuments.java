package io.ocicat.controller.api.http;

import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.ApiStatus;

/** Serves the OpenAPI documents. They are built on first use: most clients never ask. */
final class OpenApiDocuments {

  Response answer(Request request) {
    throw new ApiException(ApiStatus.noSuchPath());
  }
}
