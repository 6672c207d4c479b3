package io.ocicat.controller.api.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Documents in Kubernetes' protobuf form, as far as clients insist on it: kubectl from 1.32 on
 * sends new namespaces and service accounts so, and asks in no other way first. Understands objects
 * that consist of metadata alone; everything else is for the caller to refuse (<a
 * href="https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding">envelope</a>,
 * {@code k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto}).
 */
final class ProtobufBody {

  static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};
  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;

  private final byte[] content;
  private final int end;
  private int at;
  private int wireType;

  private ProtobufBody(byte[] content, int from, int end) {
    this.content = content;
    this.at = from;
    this.end = end;
  }

  /** What does not fit: cut short, or of a form that is not understood. */
  private static final class NotUnderstood extends RuntimeException {}

  /** The document, or empty if the body says more than this reader understands. */
  static Optional<ObjectNode> parse(Bytes body) {
    byte[] content = body.content();
    if (content.length < MAGIC.length
        || !Arrays.equals(content, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new ProtobufBody(content, MAGIC.length, content.length).envelope());
    } catch (NotUnderstood _) {
      return Optional.empty();
    }
  }

  private ObjectNode envelope() {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    while (at < end) {
      switch (field()) {
        case 1 -> {
          ProtobufBody type = message();
          while (type.at < type.end) {
            switch (type.field()) {
              case 1 -> document.put("apiVersion", type.text());
              case 2 -> document.put("kind", type.text());
              default -> throw new NotUnderstood();
            }
          }
        }
        case 2 -> message().object(document);
        case 3, 4 -> text();
        default -> throw new NotUnderstood();
      }
    }
    return document;
  }

  /** An object whose first field is its metadata; of the rest only what is empty is understood. */
  private void object(ObjectNode document) {
    while (at < end) {
      if (field() == 1) {
        message().metadata(document.putObject("metadata"));
      } else {
        message().nothing();
      }
    }
  }

  /** A message in which nothing is said: its fields may be there, and empty. */
  private void nothing() {
    while (at < end) {
      field();
      if (!message().isEmpty()) {
        throw new NotUnderstood();
      }
    }
  }

  private boolean isEmpty() {
    return at == end;
  }

  private void metadata(ObjectNode metadata) {
    while (at < end) {
      switch (field()) {
        case 1 -> put(metadata, "name");
        case 2 -> put(metadata, "generateName");
        case 3 -> put(metadata, "namespace");
        case 4 -> put(metadata, "selfLink");
        case 5 -> put(metadata, "uid");
        case 6 -> put(metadata, "resourceVersion");
        case 7 -> varint();
        case 8 -> message();
        case 11 -> message().pair(metadata.withObjectProperty("labels"));
        case 12 -> message().pair(metadata.withObjectProperty("annotations"));
        case 14 -> metadata.withArrayProperty("finalizers").add(text());
        default -> throw new NotUnderstood();
      }
    }
  }

  private void put(ObjectNode target, String name) {
    String value = text();
    if (!value.isEmpty()) {
      target.put(name, value);
    }
  }

  private void pair(ObjectNode target) {
    String key = "";
    String value = "";
    while (at < end) {
      if (field() == 1) {
        key = text();
      } else {
        value = text();
      }
    }
    target.put(key, value);
  }

  private int field() {
    long tag = varint();
    wireType = (int) (tag & 7);
    if (wireType != VARINT && wireType != LENGTH_DELIMITED) {
      throw new NotUnderstood();
    }
    return (int) (tag >>> 3);
  }

  private ProtobufBody message() {
    if (wireType != LENGTH_DELIMITED) {
      throw new NotUnderstood();
    }
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new NotUnderstood();
    }
    ProtobufBody inner = new ProtobufBody(content, at, at + (int) length);
    at += (int) length;
    return inner;
  }

  private String text() {
    ProtobufBody bytes = message();
    return new String(content, bytes.at, bytes.end - bytes.at, StandardCharsets.UTF_8);
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at >= end) {
        throw new NotUnderstood();
      }
      byte next = content[at++];
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new NotUnderstood();
  }
}
