package io.ocicat.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.client.ApiClient;
import io.ocicat.client.Documents;
import io.ocicat.inet.Cidr;
import io.ocicat.inet.IpAddress;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ocicat ipam show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Show how full pools and blocks are.")
final class IpamShowCommand implements Callable<Integer> {
  @Mixin private Server server = new Server();
  @Mixin private OutputOption output = new OutputOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  private record Pool(String name, Cidr cidr, boolean disabled) {}

  private record Block(Cidr cidr, String node, String state) {}

  @Override
  public Integer call() {
    try (ApiClient client = server.connect()) {
      List<Pool> pools = new ArrayList<>();
      for (JsonNode pool : list(client, "ippools")) {
        pools.add(
            new Pool(
                pool.path("metadata").path("name").asText(),
                Cidr.parse(pool.path("spec").path("cidr").asText()),
                pool.path("spec").path("disabled").asBoolean()));
      }
      List<Block> blocks = new ArrayList<>();
      for (JsonNode block : list(client, "blockaffinities")) {
        JsonNode spec = block.path("spec");
        blocks.add(
            new Block(
                Cidr.parse(spec.path("cidr").asText()),
                spec.path("node").asText(),
                spec.path("state").asText("confirmed")));
      }
      List<IpAddress> held = new ArrayList<>();
      for (JsonNode endpoint : DerivedEndpoints.everywhere(client)) {
        endpoint
            .path("spec")
            .path("ipNetworks")
            .forEach(net -> held.add(Cidr.parse(net.asText()).address()));
      }
      show(pools, blocks, held);
      return 0;
    }
  }

  private static Iterable<JsonNode> list(ApiClient client, String plural) {
    return client
        .read(new ApiClient.Attempt("list " + plural, "/apis/projectcalico.org/v3/" + plural))
        .path("items");
  }

  private void show(List<Pool> pools, List<Block> blocks, List<IpAddress> held) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.json()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      ArrayNode poolArray = document.putArray("pools");
      for (Pool pool : pools) {
        ObjectNode node = poolArray.addObject();
        node.put("name", pool.name());
        node.put("cidr", pool.cidr().toString());
        node.put("disabled", pool.disabled());
        node.put("addresses", pool.cidr().size());
        node.put("inUse", count(held, pool.cidr()));
        node.put("blocks", blocks.stream().filter(b -> pool.cidr().contains(b.cidr())).count());
      }
      ArrayNode blockArray = document.putArray("blocks");
      for (Block block : blocks) {
        ObjectNode node = blockArray.addObject();
        node.put("cidr", block.cidr().toString());
        node.put("node", block.node());
        node.put("state", block.state());
        node.put("addresses", block.cidr().size());
        node.put("inUse", count(held, block.cidr()));
      }
      out.println(Documents.toJson(document));
      out.flush();
      return;
    }
    int width = Terminal.widthColumns();
    List<List<String>> rows = new ArrayList<>();
    for (Pool pool : pools) {
      rows.add(
          List.of(
              pool.name() + (pool.disabled() ? " (disabled)" : ""),
              pool.cidr().toString(),
              readable(pool.cidr().size()),
              String.valueOf(count(held, pool.cidr())),
              String.valueOf(blocks.stream().filter(b -> pool.cidr().contains(b.cidr())).count())));
    }
    new TablePrinter(out, width)
        .print(List.of("pool", "cidr", "addresses", "in use", "blocks"), rows);
    if (!blocks.isEmpty()) {
      out.println();
      new TablePrinter(out, width)
          .print(
              List.of("block", "node", "state", "addresses", "in use"),
              blocks.stream()
                  .map(
                      block ->
                          List.of(
                              block.cidr().toString(),
                              block.node(),
                              block.state(),
                              readable(block.cidr().size()),
                              String.valueOf(count(held, block.cidr()))))
                  .toList());
    }
    out.flush();
  }

  private static long count(List<IpAddress> held, Cidr cidr) {
    return held.stream().filter(cidr::contains).count();
  }

  private static String readable(BigInteger count) {
    return count.bitLength() > 33 ? "2^" + (count.bitLength() - 1) : count.toString();
  }
}
