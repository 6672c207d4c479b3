package io.ocicat.agent.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ocicat.agent.journal.EndpointRecord.Stage;
import io.ocicat.cni.AttachmentKey;
import io.ocicat.inet.IpAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events as bytes. */
final class EventCodec {

  private static final int PUT = 1;
  private static final int REACHED = 2;
  private static final int GONE = 3;
  private static final int FREED_ORDER = 4;

  private EventCodec() {}

  static byte[] encode(Event event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (event) {
        case Event.Put(EndpointRecord endpoint) -> {
          out.writeByte(PUT);
          writeKey(out, endpoint.key());
          writeText(out, endpoint.network());
          writeText(out, endpoint.namespace());
          writeText(out, endpoint.pod());
          writeText(out, endpoint.netnsPath());
          writeAddresses(out, endpoint.addresses());
          out.writeInt(endpoint.labels().size());
          for (Map.Entry<String, String> label : endpoint.labels().entrySet()) {
            writeText(out, label.getKey());
            writeText(out, label.getValue());
          }
          out.writeByte(endpoint.stage().code());
          writeText(out, endpoint.podUid());
        }
        case Event.Reached(AttachmentKey key, Stage stage) -> {
          out.writeByte(REACHED);
          writeKey(out, key);
          out.writeByte(stage.code());
        }
        case Event.Gone(AttachmentKey key) -> {
          out.writeByte(GONE);
          writeKey(out, key);
        }
        case Event.FreedOrder(List<IpAddress> addresses) -> {
          out.writeByte(FREED_ORDER);
          writeAddresses(out, addresses);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @throws IOException if the bytes are no event; their checksum was right, so another format
   *     wrote them
   */
  static Event decode(byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    int type = in.readUnsignedByte();
    return switch (type) {
      case PUT -> new Event.Put(readEndpoint(in));
      case REACHED -> new Event.Reached(readKey(in), readStage(in));
      case GONE -> new Event.Gone(readKey(in));
      case FREED_ORDER -> new Event.FreedOrder(readAddresses(in));
      default -> throw new IOException("event of unknown type " + type);
    };
  }

  private static EndpointRecord readEndpoint(DataInputStream in) throws IOException {
    AttachmentKey key = readKey(in);
    String network = readText(in);
    String namespace = readText(in);
    String pod = readText(in);
    String netnsPath = readText(in);
    List<IpAddress> addresses = readAddresses(in);
    Map<String, String> labels = readLabels(in);
    Stage stage = readStage(in);
    // Events of before uids were known end here.
    String podUid = in.available() > 0 ? readText(in) : "";
    return new EndpointRecord(
        key, network, namespace, pod, podUid, netnsPath, addresses, labels, stage);
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static String readText(DataInputStream in) throws IOException {
    return new String(readBytes(in, in.readInt()), UTF_8);
  }

  private static byte[] readBytes(DataInputStream in, int length) throws IOException {
    if (length < 0 || length > in.available()) {
      throw new EOFException("a text of " + length + " bytes does not fit its event");
    }
    return in.readNBytes(length);
  }

  private static void writeKey(DataOutputStream out, AttachmentKey key) throws IOException {
    writeText(out, key.containerId());
    writeText(out, key.ifName());
  }

  private static AttachmentKey readKey(DataInputStream in) throws IOException {
    return new AttachmentKey(readText(in), readText(in));
  }

  private static void writeAddresses(DataOutputStream out, List<IpAddress> addresses)
      throws IOException {
    out.writeInt(addresses.size());
    for (IpAddress address : addresses) {
      out.writeByte(address.family().bytes());
      out.write(address.toBytes());
    }
  }

  private static List<IpAddress> readAddresses(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<IpAddress> addresses = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = in.readUnsignedByte();
      if (length != 4 && length != 16) {
        throw new IOException("an address of " + length + " bytes");
      }
      addresses.add(IpAddress.ofBytes(readBytes(in, length)));
    }
    return addresses;
  }

  private static Map<String, String> readLabels(DataInputStream in) throws IOException {
    int count = in.readInt();
    Map<String, String> labels = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      labels.put(readText(in), readText(in));
    }
    return labels;
  }

  private static Stage readStage(DataInputStream in) throws IOException {
    int code = in.readUnsignedByte();
    return Stage.of(code)
        .orElseThrow(() -> new IOException("an endpoint's stage has the number " + code));
  }
}
