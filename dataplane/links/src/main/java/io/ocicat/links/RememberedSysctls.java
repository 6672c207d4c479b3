package io.ocicat.links;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.ocicat.plan.PodLink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kernel parameters of which a file keeps the values from before we first changed them, so that
 * they can be given back when the node is.
 *
 * <p>With a parameter that the kernel copies to others, those are kept too. Parameters of pods'
 * links go with their links and are not kept. A reboot gives back everything, so what was kept
 * before one is forgotten. One thread at a time.
 */
public final class RememberedSysctls implements SysctlTable {

  private static final String HEADER = "ocicat sysctls 1 boot ";
  private static final String IPV4_FORWARDING = "net/ipv4/ip_forward";
  private static final String IPV6_FORWARDING = "net/ipv6/conf/all/forwarding";

  private final SysctlTable kernel;
  private final Path file;
  private final String bootId;
  private final Map<String, String> before = new LinkedHashMap<>();

  private RememberedSysctls(SysctlTable kernel, Path file, String bootId) {
    this.kernel = kernel;
    this.file = file;
    this.bootId = bootId;
  }

  /**
   * @param file need not exist, its folder must
   * @param bootId of this run of the kernel
   * @throws IOException if the file is there and cannot be read
   */
  public static RememberedSysctls open(SysctlTable kernel, Path file, String bootId)
      throws IOException {
    RememberedSysctls opened = new RememberedSysctls(kernel, file, bootId);
    if (Files.exists(file)) {
      opened.load(Files.readAllLines(file));
    }
    return opened;
  }

  private void load(List<String> lines) {
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER + bootId)) {
      return;
    }
    for (String line : lines.subList(1, lines.size())) {
      // A value may have spaces in it, a path has none.
      String[] parts = line.split(" ", 2);
      if (parts.length == 2) {
        before.put(parts[0], parts[1]);
      }
    }
  }

  @Override
  public Optional<String> read(String path) throws IOException {
    return kernel.read(path);
  }

  @Override
  public List<String> children(String path) throws IOException {
    return kernel.children(path);
  }

  /** Writes the parameter; what it was before is on its way to the disk already. */
  @Override
  public void write(String path, String value) throws IOException {
    if (!isOfPodLink(path) && !before.containsKey(path)) {
      for (String each : touchedBy(path)) {
        Optional<String> found = kernel.read(each);
        if (found.isPresent()) {
          before.putIfAbsent(each, found.get());
        }
      }
      save();
    }
    kernel.write(path, value);
  }

  private static boolean isOfPodLink(String path) {
    return path.contains("/conf/" + PodLink.HOST_INTERFACE_PREFIX);
  }

  /**
   * The parameter itself first: giving it back changes the others once more. See
   * inet_forward_change and addrconf_fixup_forwarding in the kernel.
   */
  private List<String> touchedBy(String path) throws IOException {
    List<String> touched = new ArrayList<>(List.of(path));
    switch (path) {
      case IPV4_FORWARDING -> {
        touched.add("net/ipv4/conf/all/accept_redirects");
        touched.addAll(forwardingOfLinks("net/ipv4/conf"));
      }
      case IPV6_FORWARDING -> touched.addAll(forwardingOfLinks("net/ipv6/conf"));
      default -> {
        // Changes nothing else.
      }
    }
    return touched;
  }

  private List<String> forwardingOfLinks(String folder) throws IOException {
    return kernel.children(folder).stream()
        .map(link -> folder + "/" + link + "/forwarding")
        .filter(path -> !isOfPodLink(path))
        .toList();
  }

  private void save() throws IOException {
    StringBuilder text = new StringBuilder(HEADER).append(bootId).append('\n');
    before.forEach((path, value) -> text.append(path).append(' ').append(value).append('\n'));
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.write(next, text.toString().getBytes(UTF_8));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Gives every parameter the value that it had. The file stays, so that an interrupted run can be
   * repeated.
   *
   * @return what was changed, a line each
   */
  public List<String> giveBack() throws IOException {
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, String> each : before.entrySet()) {
      Optional<String> found = kernel.read(each.getKey());
      if (found.isPresent() && !found.get().equals(each.getValue())) {
        kernel.write(each.getKey(), each.getValue());
        changed.add(
            "%s is %s again, not %s".formatted(each.getKey(), each.getValue(), found.get()));
      }
    }
    return changed;
  }
}
