package io.ocicat.lab;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.Documents;
import io.ocicat.inet.IpAddress;
import io.ocicat.sync.identity.ClusterAuthority;
import io.ocicat.sync.identity.JoinToken;
import io.ocicat.sync.identity.Pem;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;

/**
 * Where a lab's controller is: its API on the host's loopback, what agents connect to inside the
 * fabric.
 *
 * @param gateway the fabric's own addresses
 */
record ControllerPlace(LabFiles files, List<IpAddress> gateway) {
  private static final int SYNC_PORT = 7946;

  ControllerPlace {
    gateway = List.copyOf(gateway);
  }

  /**
   * Writes its configuration, and makes its authority and its join token before it starts, so that
   * agents need not wait for that.
   */
  void prepare() {
    SecureRandom random = new SecureRandom();
    ClusterAuthority authority =
        ClusterAuthority.loadOrCreate(files.controller(), InstantSource.system(), random);
    Pem.writePrivately(joinToken(), JoinToken.create(random, authority).text() + "\n");
    ObjectNode yaml = JsonNodeFactory.instance.objectNode();
    yaml.put("stateDir", files.controller().toString());
    yaml.put("apiListen", "127.0.0.1:0");
    yaml.put("syncListen", syncAddress());
    yaml.put("syncNetns", LabFiles.netns(files.fabricNetns()).toString());
    yaml.put("kubeconfigFile", files.kubeconfig().toString());
    yaml.put("joinTokenFile", joinToken().toString());
    LabStart.write(configuration(files), Documents.toYaml(yaml));
  }

  static List<String> arguments(LabFiles files) {
    return List.of("controller", "--config", configuration(files).toString());
  }

  /** Where agents find it. */
  String syncAddress() {
    IpAddress address = gateway.getFirst();
    String text = address.toString();
    return (text.contains(":") ? "[" + text + "]" : text) + ":" + SYNC_PORT;
  }

  Path joinToken() {
    return files.controller().resolve("join-token");
  }

  private static Path configuration(LabFiles files) {
    return files.controller().resolve("controller.yaml");
  }
}
