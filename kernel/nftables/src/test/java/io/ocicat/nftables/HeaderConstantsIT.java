package io.ocicat.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Compares our numbers with those of the C headers, printed by a compiled file. */
@Timeout(60)
final class HeaderConstantsIT {

  /** Younger than the headers that distributions install; the kernel proves them in other tests. */
  private static final Set<String> NEWER = Set.of("NFTA_SET_COUNT");

  private record Constant(String expression, int value) {}

  @TempDir private Path directory;

  @Test
  void numbersAreThoseOfTheHeaders() throws Exception {
    List<Constant> constants = constants();
    StringBuilder statements = new StringBuilder();
    for (Constant constant : constants) {
      statements.append("p((int)(%s));%n".formatted(constant.expression));
    }
    List<String> printed = print(statements.toString());
    assertThat(printed).hasSameSizeAs(constants);
    for (int i = 0; i < printed.size(); i++) {
      assertThat(constants.get(i).value)
          .as(constants.get(i).expression)
          .isEqualTo(Integer.parseInt(printed.get(i)));
    }
  }

  private static List<Constant> constants() throws IllegalAccessException {
    List<Constant> constants = new ArrayList<>();
    for (Field field : LinuxNfTables.class.getDeclaredFields()) {
      String name = field.getName();
      if (!name.contains("DESTROY") && !NEWER.contains(name)) {
        String expression = name.equals("NFGENMSG_BYTES") ? "sizeof(struct nfgenmsg)" : name;
        constants.add(new Constant(expression, field.getInt(null)));
      }
    }
    for (MetaKey key : MetaKey.values()) {
      constants.add(new Constant("NFT_META_" + key, key.code()));
    }
    for (CtKey key : CtKey.values()) {
      constants.add(new Constant("NFT_CT_" + key, key.code()));
    }
    for (SetFlag flag : SetFlag.values()) {
      constants.add(new Constant("NFT_SET_" + flag, flag.code()));
    }
    for (Hook hook : Hook.values()) {
      constants.add(
          new Constant(
              switch (hook) {
                case PREROUTING -> "NF_INET_PRE_ROUTING";
                case INPUT -> "NF_INET_LOCAL_IN";
                case FORWARD -> "NF_INET_FORWARD";
                case OUTPUT -> "NF_INET_LOCAL_OUT";
                case POSTROUTING -> "NF_INET_POST_ROUTING";
                case INGRESS -> "NF_INET_INGRESS";
              },
              hook.code()));
    }
    for (NftFamily family : NftFamily.values()) {
      constants.add(
          new Constant(
              switch (family) {
                case INET -> "NFPROTO_INET";
                case IP -> "NFPROTO_IPV4";
                case ARP -> "NFPROTO_ARP";
                case NETDEV -> "NFPROTO_NETDEV";
                case BRIDGE -> "NFPROTO_BRIDGE";
                case IP6 -> "NFPROTO_IPV6";
              },
              family.code()));
    }
    for (Expression.CmpOp op : Expression.CmpOp.values()) {
      constants.add(new Constant("NFT_CMP_" + op, op.code()));
    }
    for (Expression.RangeOp op : Expression.RangeOp.values()) {
      constants.add(new Constant("NFT_RANGE_" + op, op.code()));
    }
    for (Expression.RejectType type : Expression.RejectType.values()) {
      constants.add(new Constant("NFT_REJECT_" + type, type.code()));
    }
    for (Expression.FibResult result : Expression.FibResult.values()) {
      constants.add(new Constant("NFT_FIB_RESULT_" + result, result.code()));
    }
    for (Expression.PayloadBase base : Expression.PayloadBase.values()) {
      String name = base == Expression.PayloadBase.LINK ? "LL" : base.name();
      constants.add(new Constant("NFT_PAYLOAD_" + name + "_HEADER", base.code()));
    }
    return constants;
  }

  private List<String> print(String statements) throws IOException, InterruptedException {
    Path source = directory.resolve("print.c");
    Path program = directory.resolve("print");
    Files.writeString(
        source,
        """
        #include <stdio.h>
        #include <netinet/in.h>
        #include <linux/netlink.h>
        #include <linux/netfilter.h>
        #include <linux/netfilter/nfnetlink.h>
        #include <linux/netfilter/nf_tables.h>
        static void p(int value) { printf("%%d\\n", value); }
        int main(void) {
        %s
        return 0;
        }
        """
            .formatted(statements));
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
