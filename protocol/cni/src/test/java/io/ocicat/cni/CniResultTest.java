package io.ocicat.cni;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CniResultTest {

  private static final CniResult RESULT =
      new CniResult(
          List.of(
              new CniResult.Interface("oci0123456789ab", "ee:ee:ee:ee:ee:ee", 1500, ""),
              new CniResult.Interface("eth0", "0a:00:00:00:00:01", 1500, "/run/netns/p")),
          List.of(
              new CniResult.Ip(
                  IpAddress.parse("10.1.0.1"), 32, List.of(IpAddress.parse("169.254.1.1")), 1),
              new CniResult.Ip(IpAddress.parse("fd00::1"), 128, List.of(), 1)),
          List.of(
              new CniResult.Route(Cidr.parse("0.0.0.0/0"), List.of(IpAddress.parse("169.254.1.1"))),
              new CniResult.Route(Cidr.parse("::/0"), List.of())));

  // C-56, C-110 to C-113
  @Test
  void writesTheNewestVersionInFull() {
    assertThat(RESULT.toJson(CniVersion.V1_1_0))
        .isEqualTo(
            "{\"cniVersion\":\"1.1.0\",\"interfaces\":["
                + "{\"name\":\"oci0123456789ab\",\"mac\":\"ee:ee:ee:ee:ee:ee\",\"mtu\":1500},"
                + "{\"name\":\"eth0\",\"mac\":\"0a:00:00:00:00:01\",\"mtu\":1500,"
                + "\"sandbox\":\"/run/netns/p\"}],"
                + "\"ips\":[{\"address\":\"10.1.0.1/32\",\"gateway\":\"169.254.1.1\","
                + "\"interface\":1},{\"address\":\"fd00::1/128\",\"interface\":1}],"
                + "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"gw\":\"169.254.1.1\"},"
                + "{\"dst\":\"::/0\"}]}");
  }

  // C-114
  @ParameterizedTest
  @EnumSource(CniVersion.class)
  void leavesOutWhatTheVersionDoesNotKnow(CniVersion version) {
    String json = RESULT.toJson(version);
    assertThat(json.contains("\"mtu\"")).isEqualTo(version == CniVersion.V1_1_0);
    assertThat(json.contains("\"version\":\"4\""))
        .isEqualTo(version.compareTo(CniVersion.V1_0_0) < 0);
    assertThat(json.contains("\"version\":\"6\""))
        .isEqualTo(version.compareTo(CniVersion.V1_0_0) < 0);
    assertThat(json).contains("\"cniVersion\":\"" + version + "\"");
  }

  @ParameterizedTest
  @EnumSource(CniVersion.class)
  void readsBackWhatItWrote(CniVersion version) throws Exception {
    CniResult read =
        CniResult.read(new JsonMapper().readTree(RESULT.toJson(version))).orElseThrow();
    assertThat(read.ips()).isEqualTo(RESULT.ips());
    assertThat(read.routes()).isEqualTo(RESULT.routes());
    assertThat(read.indexOf("eth0", "/run/netns/p")).hasValue(1);
    assertThat(read.indexOf("eth0", "")).isEmpty();
  }

  @Test
  void saysWhenAResultIsMalformed() throws Exception {
    assertThat(CniResult.read(new JsonMapper().readTree("{\"ips\":[{\"address\":\"x\"}]}")))
        .isEmpty();
  }
}
