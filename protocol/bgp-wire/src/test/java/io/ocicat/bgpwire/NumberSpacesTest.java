package io.ocicat.bgpwire;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.bgpwire.iana.AttributeType;
import io.ocicat.bgpwire.iana.CapabilityCode;
import io.ocicat.bgpwire.iana.ExtendedCommunityType;
import io.ocicat.bgpwire.iana.MessageType;
import io.ocicat.bgpwire.iana.NotificationCode;
import io.ocicat.bgpwire.iana.NotificationSubcode;
import io.ocicat.bgpwire.iana.Support;
import io.ocicat.bgpwire.iana.WellKnownCommunity;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NumberSpacesTest {

  @Test
  void lookUpWhatTheyList() {
    for (MessageType entry : MessageType.values()) {
      assertThat(MessageType.of(entry.code())).contains(entry);
    }
    for (AttributeType entry : AttributeType.values()) {
      assertThat(AttributeType.of(entry.code())).contains(entry);
    }
    for (CapabilityCode entry : CapabilityCode.values()) {
      assertThat(CapabilityCode.of(entry.code())).contains(entry);
    }
    for (WellKnownCommunity entry : WellKnownCommunity.values()) {
      assertThat(WellKnownCommunity.of(entry.code())).contains(entry);
    }
    for (ExtendedCommunityType entry : ExtendedCommunityType.values()) {
      assertThat(ExtendedCommunityType.of(entry.code())).contains(entry);
    }
    for (NotificationSubcode entry : NotificationSubcode.values()) {
      assertThat(NotificationSubcode.of(entry.code(), entry.subcode())).contains(entry);
      assertThat(NotificationCode.of(entry.code())).isPresent();
    }
    assertThat(AttributeType.of(256)).isEmpty();
    assertThat(AttributeType.of(-1)).isEmpty();
    assertThat(CapabilityCode.of(250)).isEmpty();
  }

  @Test
  void sayOfAttributesWhatTheParserDoes() {
    for (AttributeType entry : AttributeType.values()) {
      boolean checked =
          entry.support() == Support.IMPLEMENTED || entry.support() == Support.CARRIED;
      assertThat(AttributeRules.isKnown(entry.code())).as(entry.text()).isEqualTo(checked);
    }
  }

  @Test
  void namesAreThere() {
    assertThat(Arrays.stream(AttributeType.values()).map(AttributeType::text)).doesNotContain("");
    assertThat(Arrays.stream(CapabilityCode.values()).map(CapabilityCode::reference))
        .doesNotContain("");
  }
}
