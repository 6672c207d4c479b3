package io.ocicat.rtnetlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.CStruct;
import io.ocicat.libc.LinuxFile;
import io.ocicat.libc.LinuxSocket;
import io.ocicat.libc.Sockaddr;
import io.ocicat.libc.SocketFilter;
import io.ocicat.libc.Syscalls;
import io.ocicat.netlink.NlHeader;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares our layouts and constants with those of the C headers, printed by a compiled file. */
class StructLayoutIT {

  private static final List<CStruct> STRUCTS =
      List.of(
          Sockaddr.Netlink.STRUCT,
          Sockaddr.Inet.STRUCT_IN,
          Sockaddr.Inet.STRUCT_IN6,
          Syscalls.POLLFD,
          SocketFilter.SOCK_FILTER,
          NlHeader.STRUCT,
          NlHeader.STRUCT_ERROR,
          LinkCodec.STRUCT,
          AddressCodec.STRUCT,
          RouteCodec.STRUCT,
          RouteCodec.STRUCT_NEXTHOP,
          NeighbourCodec.STRUCT,
          RuleCodec.STRUCT);

  private static final List<Class<?>> CONSTANTS =
      List.of(
          LinuxSocket.class,
          LinuxFile.class,
          LinuxRtnetlink.class,
          LinuxIfLink.class,
          LinuxIfAddr.class,
          LinuxNeighbour.class,
          LinuxFibRules.class);

  @TempDir Path directory;

  @Test
  void sizesAndOffsetsAreThoseOfTheHeaders() throws Exception {
    StringBuilder code = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (CStruct struct : STRUCTS) {
      String type = "struct " + struct.name();
      code.append("p(\"%s\", sizeof(%s));%n".formatted(type, type));
      expected.add(type + " " + struct.sizeBytes());
      for (CStruct.Field field : struct.fields()) {
        code.append("p(\"%s\", offsetof(%s, %s));%n".formatted(field.name(), type, field.name()));
        expected.add(field.name() + " " + field.offset());
      }
    }
    assertThat(print(code.toString())).isEqualTo(expected);
  }

  @Test
  void constantsAreThoseOfTheHeaders() throws Exception {
    StringBuilder code = new StringBuilder();
    List<String> expected = new ArrayList<>();
    for (Class<?> header : CONSTANTS) {
      for (Field field : header.getFields()) {
        code.append("p(\"%s\", %s);%n".formatted(field.getName(), field.getName()));
        expected.add(field.getName() + " " + ((Number) field.get(null)).longValue());
      }
    }
    for (Ipv4Conf parameter : Ipv4Conf.values()) {
      code.append("p(\"%s\", IPV4_DEVCONF_%s);%n".formatted(parameter, parameter));
      expected.add(parameter + " " + parameter.code());
    }
    assertThat(print(code.toString())).isEqualTo(expected);
  }

  private List<String> print(String statements) throws IOException, InterruptedException {
    Path source = directory.resolve("print.c");
    Path program = directory.resolve("print");
    String includes =
        Stream.concat(
                Stream.of(
                    "stdio.h",
                    "stddef.h",
                    "fcntl.h",
                    "sched.h",
                    "sys/mount.h",
                    "net/if.h",
                    "netinet/icmp6.h",
                    "netinet/tcp.h",
                    "linux/if_link.h",
                    "linux/ip.h",
                    "linux/veth.h"),
                STRUCTS.stream().flatMap(struct -> struct.headers().stream()))
            .distinct()
            .map("#include <%s>%n"::formatted)
            .reduce("", String::concat);
    // The kernel's IFF_LOWER_UP is not in the C library's net/if.h; SOCK_* are enumerators there.
    Files.writeString(
        source,
        """
        #define _GNU_SOURCE
        %s
        #ifndef IFF_LOWER_UP
        #define IFF_LOWER_UP (1 << 16)
        #endif
        static void p(const char *name, long value) { printf("%%s %%ld\\n", name, value); }
        int main(void) {
        %s
        return 0;
        }
        """
            .formatted(includes, statements));
    run("gcc", "-o", program.toString(), source.toString());
    return run(program.toString());
  }

  private static List<String> run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(process.waitFor()).as(output).isZero();
    return output.lines().toList();
  }
}
