package io.ocicat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DescribeTitleTest {

  @Test
  void isTheFieldInWords() {
    assertThat(DescribeCommand.title("podSelector")).isEqualTo("Pod selector");
    assertThat(DescribeCommand.title("clusterIPs")).isEqualTo("ClusterIPs");
    assertThat(DescribeCommand.title("birdV4")).isEqualTo("Bird V4");
    assertThat(DescribeCommand.title("numberEstablishedV6")).isEqualTo("Number established V6");
    assertThat(DescribeCommand.title("name")).isEqualTo("Name");
  }
}
