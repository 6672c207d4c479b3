package io.ocicat.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.inet.IpAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CniReadingTest {

  private static final String CONF = "{\"cniVersion\":\"1.1.0\",\"name\":\"net\"}";

  private static CniReading read(String command, String conf, String... variables) {
    Map<String, String> all = new HashMap<>();
    all.put("CNI_COMMAND", command);
    all.put("CNI_CONTAINERID", "c1");
    all.put("CNI_NETNS", "/run/netns/p");
    all.put("CNI_IFNAME", "eth0");
    all.put("CNI_PATH", "/opt/cni/bin");
    for (int i = 0; i < variables.length; i += 2) {
      all.put(variables[i], variables[i + 1]);
    }
    return CniReading.of(new CniFrame.Request(all, conf));
  }

  private static CniCall accepted(CniReading reading) {
    assertThat(reading).isInstanceOf(CniReading.Accepted.class);
    return ((CniReading.Accepted) reading).call();
  }

  private static CniError refused(CniReading reading) {
    assertThat(reading).isInstanceOf(CniReading.Refused.class);
    return ((CniReading.Refused) reading).error();
  }

  // C-11, C-20
  @ParameterizedTest
  @ValueSource(strings = {"", "add", "FOO", "VERSION"})
  void refusesUnknownCommands(String command) {
    CniError error = refused(read(command, CONF));
    assertThat(error.code().value()).isEqualTo(4);
    assertThat(error.message()).contains("unknown CNI_COMMAND", command);
  }

  // C-12, C-21 to C-25: which variable each verb needs, and all missing ones in one error
  @ParameterizedTest
  @CsvSource({
    "ADD, 'CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH'",
    "DEL, 'CNI_CONTAINERID,CNI_IFNAME,CNI_PATH'",
    "CHECK, 'CNI_CONTAINERID,CNI_NETNS,CNI_IFNAME,CNI_PATH'",
    "GC, CNI_PATH",
    "STATUS, CNI_PATH"
  })
  void namesAllMissingVariablesInOneError(String command, String missing) {
    Map<String, String> only = Map.of("CNI_COMMAND", command);
    CniError error = refused(CniReading.of(new CniFrame.Request(only, CONF)));
    assertThat(error.code().value()).isEqualTo(4);
    assertThat(error.message()).isEqualTo("required env variables [" + missing + "] missing");
  }

  // C-22
  @Test
  void servesDelWithoutANamespace() {
    assertThat(accepted(read("DEL", CONF, "CNI_NETNS", ""))).isInstanceOf(CniCall.Del.class);
  }

  // C-21
  @ParameterizedTest
  @ValueSource(strings = {"-a", "a/b", "a b", ".x", "a:b", "ä"})
  void refusesMalformedContainerIds(String id) {
    CniError error = refused(read("ADD", CONF, "CNI_CONTAINERID", id));
    assertThat(error.code().value()).isEqualTo(4);
    assertThat(error.message()).contains("CNI_CONTAINERID", id);
  }

  // C-23
  @ParameterizedTest
  @ValueSource(strings = {"sixteen-charact0", ".", "..", "a/b", "a:b", "a b", "a\tb"})
  void refusesUnusableInterfaceNames(String name) {
    CniError error = refused(read("ADD", CONF, "CNI_IFNAME", name));
    assertThat(error.code().value()).isEqualTo(4);
    assertThat(error.message()).contains("CNI_IFNAME");
  }

  // C-24
  @Test
  void refusesUnknownArgumentsUnlessToldToIgnoreThem() {
    CniError error = refused(read("ADD", CONF, "CNI_ARGS", "FOO=1;bar;IP=10.0.0.1"));
    assertThat(error.code().value()).isEqualTo(4);
    assertThat(error.message()).contains("'FOO'", "'bar'").doesNotContain("'IP'");
    CniCall.Add add =
        (CniCall.Add)
            accepted(
                read(
                    "ADD",
                    CONF,
                    "CNI_ARGS",
                    "IgnoreUnknown=1;FOO=1;K8S_POD_NAMESPACE=shop;K8S_POD_NAME=web-0;"
                        + "K8S_POD_INFRA_CONTAINER_ID=i;K8S_POD_UID=u"));
    assertThat(add.args()).isEqualTo(new CniArgs("shop", "web-0", "u", "i", ""));
    // DEL must succeed to the fullest extent (C-62), so it does not look at them.
    accepted(read("DEL", CONF, "CNI_ARGS", "FOO"));
  }

  // C-26, A-10
  @Test
  void refusesThePluginsOwnNamespaceUnlessOverridden() {
    String[] own = {"OCICAT_NETNS_INODE", "7", "OCICAT_OWN_INODE", "7"};
    CniError error = refused(read("ADD", CONF, own));
    assertThat(error.code().value()).isEqualTo(8);
    accepted(
        read(
            "ADD",
            CONF,
            "OCICAT_NETNS_INODE",
            "7",
            "OCICAT_OWN_INODE",
            "7",
            "CNI_NETNS_OVERRIDE",
            "true"));
    accepted(read("DEL", CONF, own));
  }

  @Test
  void knowsWhereTheExecutableHoldsTheNamespace() {
    CniCall.Add add =
        (CniCall.Add)
            accepted(
                read(
                    "ADD",
                    CONF,
                    "OCICAT_PID",
                    "12",
                    "OCICAT_NETNS_FD",
                    "3",
                    "OCICAT_NETNS_INODE",
                    "99"));
    assertThat(add.netns()).isEqualTo(new NetnsReference("/run/netns/p", "/proc/12/fd/3", 99));
  }

  // C-46
  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "3", "{} {}", "{\"name\":\"a\",\"cniVersion\":3}"})
  void refusesWhatIsNoJsonObject(String conf) {
    assertThat(refused(read("ADD", conf)).code().value()).isEqualTo(6);
  }

  // C-33
  @ParameterizedTest
  @ValueSource(strings = {"", "-x", "a b", "a/b"})
  void refusesUnusableNetworkNames(String name) {
    CniError error = refused(read("ADD", "{\"cniVersion\":\"1.0.0\",\"name\":\"" + name + "\"}"));
    assertThat(error.code().value()).isEqualTo(7);
  }

  // C-47, C-48
  @ParameterizedTest
  @ValueSource(strings = {"", ",\"cniVersion\":\"0.2.0\"", ",\"cniVersion\":\"9.0.0\""})
  void refusesVersionsThatItDoesNotSpeak(String version) {
    CniError error = refused(read("ADD", "{\"name\":\"n\"" + version + "}"));
    assertThat(error.code().value()).isEqualTo(1);
    assertThat(error.details()).contains("0.3.0, 0.3.1, 0.4.0, 1.0.0, 1.1.0");
  }

  // C-78, C-85
  @ParameterizedTest
  @CsvSource({"CHECK,0.3.1", "STATUS,1.0.0", "GC,1.0.0"})
  void refusesVerbsOlderThanTheirVersion(String command, String version) {
    CniError error = refused(read(command, "{\"name\":\"n\",\"cniVersion\":\"" + version + "\"}"));
    assertThat(error.code().value()).isEqualTo(1);
    assertThat(error.message()).contains(command, version);
  }

  // C-32, C-44
  @ParameterizedTest
  @EnumSource(CniVersion.class)
  void servesEveryVersionAndIgnoresUnknownKeys(CniVersion version) {
    CniCall call =
        accepted(read("ADD", "{\"name\":\"n\",\"future\":{},\"cniVersion\":\"" + version + "\"}"));
    assertThat(call.conf().version()).isEqualTo(version);
  }

  // V-7, V-13, V-14
  @Test
  void takesTheMostSpecificRequestForAddresses() {
    String args = "\"args\":{\"cni\":{\"ips\":[\"10.0.0.2/24\",\"fd00::2\"],\"x\":[1]}}";
    CniCall.Add byArgs =
        (CniCall.Add)
            accepted(
                read(
                    "ADD",
                    "{\"name\":\"n\",\"cniVersion\":\"1.0.0\"," + args + "}",
                    "CNI_ARGS",
                    "IP=10.0.0.1"));
    assertThat(byArgs.requestedAddresses())
        .containsExactly(IpAddress.parse("10.0.0.2"), IpAddress.parse("fd00::2"));
    CniCall.Add byVariable = (CniCall.Add) accepted(read("ADD", CONF, "CNI_ARGS", "IP=10.0.0.1"));
    assertThat(byVariable.requestedAddresses()).containsExactly(IpAddress.parse("10.0.0.1"));
    CniError error = refused(read("ADD", CONF, "CNI_ARGS", "IP=10.0.0"));
    assertThat(error.code().value()).isEqualTo(7);
    assertThat(error.message()).contains("'10.0.0'");
  }

  // V-13
  @Test
  void readsLabelsAndSkipsWhatIsNone() {
    CniCall.Add add =
        (CniCall.Add)
            accepted(
                read(
                    "ADD",
                    "{\"name\":\"n\",\"cniVersion\":\"1.0.0\",\"args\":{\"cni\":{\"labels\":"
                        + "[{\"key\":\"app\",\"value\":\"web\"},{\"key\":1},7]}}}"));
    assertThat(add.labels()).containsExactly(Map.entry("app", "web"));
  }

  // C-70
  @Test
  void refusesCheckWithoutThePreviousResult() {
    assertThat(refused(read("CHECK", CONF)).code().value()).isEqualTo(7);
    CniCall call =
        accepted(
            read(
                "CHECK",
                "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"prevResult\":{\"ips\":"
                    + "[{\"address\":\"10.0.0.1/32\",\"interface\":0}],\"interfaces\":"
                    + "[{\"name\":\"eth0\",\"sandbox\":\"/run/netns/p\"}]}}"));
    CniResult expected = ((CniCall.Check) call).expected();
    assertThat(expected.ips().getFirst().address()).isEqualTo(IpAddress.parse("10.0.0.1"));
    assertThat(expected.indexOf("eth0", "/run/netns/p")).hasValue(0);
  }

  // C-90, C-97, A-4
  @Test
  void tellsAnEmptyListOfAttachmentsFromNone() {
    assertThat(((CniCall.Gc) accepted(read("GC", CONF))).valid())
        .isEqualTo(new NetConf.ValidAttachments.NotGiven());
    String start = "{\"cniVersion\":\"1.1.0\",\"name\":\"n\",";
    assertThat(
            ((CniCall.Gc) accepted(read("GC", start + "\"cni.dev/valid-attachments\":[]}")))
                .valid())
        .isEqualTo(new NetConf.ValidAttachments.Given(Set.of()));
    String list = "[{\"containerID\":\"c\",\"ifname\":\"e\"}]";
    NetConf.ValidAttachments one =
        new NetConf.ValidAttachments.Given(Set.of(new AttachmentKey("c", "e")));
    assertThat(
            ((CniCall.Gc) accepted(read("GC", start + "\"cni.dev/attachments\":" + list + "}")))
                .valid())
        .isEqualTo(one);
    assertThat(
            ((CniCall.Gc)
                    accepted(
                        read(
                            "GC",
                            start
                                + "\"cni.dev/attachments\":[],\"cni.dev/valid-attachments\":"
                                + list
                                + "}")))
                .valid())
        .isEqualTo(one);
  }

  // C-100
  @Test
  void writesErrorsInTheVersionGiven() {
    CniReading.Refused refused =
        (CniReading.Refused) read("ADD", "{\"cniVersion\":\"0.4.0\",\"name\":\"\"}");
    assertThat(refused.error().toJson(refused.cniVersion()))
        .isEqualTo("{\"cniVersion\":\"0.4.0\",\"code\":7,\"msg\":\"missing network name\"}");
  }
}
