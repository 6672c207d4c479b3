package io.ocicat.controller.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ocicat.controller.api.ApiException;
import io.ocicat.controller.api.http.MediaTypes.Form;
import io.ocicat.controller.api.http.MediaTypes.Representation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MediaTypesTest {

  private static Representation negotiate(String accept) {
    return MediaTypes.negotiate(Optional.of(accept));
  }

  @Test
  void takesTheFirstThatIsKnown() {
    assertThat(
            negotiate(
                "application/json;as=Table;v=v1;g=meta.k8s.io,"
                    + "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"))
        .isEqualTo(new Representation(Form.TABLE, "v1", false));
    assertThat(negotiate("application/vnd.kubernetes.protobuf, application/json"))
        .isEqualTo(Representation.PLAIN);
    assertThat(negotiate("application/json;as=Table;v=v9;g=meta.k8s.io,application/yaml"))
        .isEqualTo(new Representation(Form.OBJECT, "", true));
  }

  @Test
  void weighsQuality() {
    assertThat(negotiate("application/json;q=0.5, application/yaml").yaml()).isTrue();
    assertThat(negotiate("application/json, application/yaml;q=0.5").yaml()).isFalse();
  }

  @Test
  void takesJsonWhereNothingIsSaid() {
    assertThat(MediaTypes.negotiate(Optional.empty())).isEqualTo(Representation.PLAIN);
    assertThat(negotiate("*/*")).isEqualTo(Representation.PLAIN);
  }

  @Test
  void refusesWhatItCannotWrite() {
    assertThatThrownBy(() -> negotiate("text/html"))
        .isInstanceOfSatisfying(
            ApiException.class, e -> assertThat(e.status().code()).isEqualTo(406));
  }
}
