package io.ocicat.bench;

import io.ocicat.lab.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A BGP speaker that takes everything and tells it to everybody, with neighbours that connect to
 * it, and without a hand in the kernel's routes.
 */
enum BgpContender {
  OCICAT("ocicat", "") {
    @Override
    List<String> prepare(Path directory, int neighbours) throws IOException {
      Path file =
          Files.writeString(
              directory.resolve("bgpd.yaml"),
              """
              routerId: %s
              as: %d
              socket: %s
              peers:
              %s
              """
                  .formatted(
                      BgpField.SPEAKER,
                      BgpField.SPEAKER_AS,
                      directory.resolve("bgpd.sock"),
                      each(neighbours, "- {name: n%1$d, address: %2$s, as: %3$d, passive: true}")));
      List<String> command = new ArrayList<>(Program.command());
      command.addAll(List.of("bgpd", "-c", file.toString()));
      return command;
    }
  },
  BIRD("BIRD", "/usr/sbin/bird") {
    @Override
    List<String> prepare(Path directory, int neighbours) throws IOException {
      Path file =
          Files.writeString(
              directory.resolve("bird.conf"),
              """
              router id %s;
              protocol device {}
              template bgp n {
                local %1$s as %d;
                passive on; hold time 180;
                ipv4 { import all; export all; next hop self; };
              }
              %s
              """
                  .formatted(
                      BgpField.SPEAKER,
                      BgpField.SPEAKER_AS,
                      each(neighbours, "protocol bgp n%1$d from n { neighbor %2$s as %3$d; }")));
      return List.of(
          program(), "-f", "-c", file.toString(), "-s", directory.resolve("ctl").toString());
    }
  },
  FRR("FRR", "/usr/lib/frr/bgpd") {
    @Override
    List<String> prepare(Path directory, int neighbours) throws IOException {
      Path file =
          Files.writeString(
              directory.resolve("bgpd.conf"),
              """
              router bgp %d
               bgp router-id %s
               no bgp ebgp-requires-policy
               no bgp default ipv4-unicast
              %s
               address-family ipv4 unicast
              %s
               exit-address-family
              """
                  .formatted(
                      BgpField.SPEAKER_AS,
                      BgpField.SPEAKER,
                      each(
                          neighbours,
                          """
                           neighbor %2$s remote-as %3$d
                           neighbor %2$s passive
                           neighbor %2$s timers 60 180\
                          """),
                      each(neighbours, "  neighbor %2$s activate")));
      return List.of(
          program(),
          "-f",
          file.toString(),
          "-i",
          directory.resolve("pid").toString(),
          "-z",
          directory.resolve("zserv.api").toString(),
          "--vty_socket",
          directory.toString(),
          "-u",
          "root",
          "-g",
          "root",
          "-n",
          "-Z",
          "-S",
          "--log",
          "stdout");
    }
  },
  OPENBGPD("OpenBGPD", "/usr/sbin/bgpd") {
    @Override
    List<String> prepare(Path directory, int neighbours) throws IOException {
      Path file =
          Files.writeString(
              directory.resolve("bgpd.conf"),
              """
              AS %d
              router-id %s
              fib-update no
              socket "%s"
              %s
              allow from any
              allow to any
              """
                  .formatted(
                      BgpField.SPEAKER_AS,
                      BgpField.SPEAKER,
                      directory.resolve("ctl"),
                      each(
                          neighbours,
                          """
                          neighbor %2$s {
                           remote-as %3$d
                           passive
                           holdtime 180
                          }\
                          """)));
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      return List.of(program(), "-d", "-f", file.toString());
    }
  },
  GOBGP("GoBGP", "/usr/bin/gobgpd") {
    @Override
    List<String> prepare(Path directory, int neighbours) throws IOException {
      Path file =
          Files.writeString(
              directory.resolve("gobgpd.toml"),
              """
              [global.config]
                as = %d
                router-id = "%s"
              %s
              """
                  .formatted(
                      BgpField.SPEAKER_AS,
                      BgpField.SPEAKER,
                      each(
                          neighbours,
                          """
                          [[neighbors]]
                          [neighbors.config]
                          neighbor-address = "%2$s"
                          peer-as = %3$d
                          [neighbors.transport.config]
                          passive-mode = true
                          [neighbors.timers.config]
                          hold-time = 180\
                          """)));
      return List.of(program(), "-f", file.toString(), "--api-hosts", "127.0.0.1:50051");
    }
  };

  private final String title;
  private final String program;

  BgpContender(String title, String program) {
    this.title = title;
    this.program = program;
  }

  /** Writes its configuration for the first neighbours, and answers with its command line. */
  abstract List<String> prepare(Path directory, int neighbours) throws IOException;

  String program() {
    return program;
  }

  /** Why it cannot be measured here; empty if it can. */
  Optional<String> missing() {
    return program.isEmpty() || Files.isExecutable(Path.of(program))
        ? Optional.empty()
        : Optional.of("%s is not installed: there is no %s".formatted(title, program));
  }

  private static String each(int neighbours, String form) {
    return IntStream.range(0, neighbours)
        .mapToObj(i -> form.formatted(i, BgpField.neighbour(i), BgpField.as(i)))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return title;
  }
}
