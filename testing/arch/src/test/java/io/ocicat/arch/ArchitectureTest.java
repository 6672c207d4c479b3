package io.ocicat.arch;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.ocicat");

  /** For each room, the rooms that it may use besides itself. */
  private static final Map<String, Set<String>> ROOMS =
      Map.ofEntries(
          Map.entry("inet", Set.of()),
          Map.entry("state", Set.of()),
          Map.entry("libc", Set.of("state")),
          Map.entry("netlink", Set.of("libc", "state")),
          Map.entry("rtnetlink", Set.of("inet", "libc", "netlink", "state")),
          Map.entry("nftables", Set.of("inet", "libc", "netlink", "state")),
          Map.entry("selector", Set.of()),
          Map.entry("model", Set.of("inet", "selector")),
          Map.entry("policy", Set.of("inet", "selector", "model")),
          Map.entry("ipam", Set.of("inet", "selector", "model")),
          Map.entry("routing", Set.of("inet", "selector", "model")),
          Map.entry("cni", Set.of("inet", "state")),
          Map.entry("cniplugin", Set.of()),
          Map.entry("sync", Set.of("inet", "state", "selector", "model", "policy", "ipam")),
          Map.entry("bfd", Set.of("inet", "state", "libc")),
          Map.entry("bgpwire", Set.of("inet")),
          Map.entry("bgp", Set.of("inet", "state", "libc", "bfd", "bgpwire")),
          Map.entry("bgpcontrol", Set.of("inet", "bgpwire", "bgp")),
          Map.entry("bgpd", Set.of("inet", "bgpwire", "bgp", "bgpcontrol", "fib")),
          Map.entry("store", Set.of("state", "model")),
          Map.entry("plan", Set.of("inet", "selector", "model", "policy", "ipam")),
          Map.entry(
              "links", Set.of("inet", "state", "libc", "netlink", "rtnetlink", "plan", "ipam")),
          Map.entry("fib", Set.of("inet", "libc", "netlink", "rtnetlink", "bgpwire", "bgp")),
          Map.entry(
              "nft",
              Set.of(
                  "inet",
                  "state",
                  "libc",
                  "netlink",
                  "nftables",
                  "selector",
                  "model",
                  "policy",
                  "plan")),
          Map.entry(
              "agent",
              Set.of(
                  "inet",
                  "state",
                  "libc",
                  "netlink",
                  "rtnetlink",
                  "nftables",
                  "selector",
                  "model",
                  "policy",
                  "ipam",
                  "routing",
                  "cni",
                  "cniplugin",
                  "sync",
                  "plan",
                  "links",
                  "nft",
                  "bgpwire",
                  "bgp",
                  "bgpcontrol",
                  "fib")),
          Map.entry(
              "controller",
              Set.of(
                  "inet", "state", "libc", "selector", "model", "policy", "ipam", "sync", "store")),
          Map.entry("client", Set.of()),
          Map.entry(
              "lab",
              Set.of(
                  "inet",
                  "state",
                  "libc",
                  "netlink",
                  "rtnetlink",
                  "nftables",
                  "selector",
                  "model",
                  "cni",
                  "client",
                  "ipam",
                  "policy",
                  "sync")),
          Map.entry(
              "cli",
              Set.of(
                  "inet",
                  "state",
                  "libc",
                  "selector",
                  "model",
                  "policy",
                  "ipam",
                  "plan",
                  "client",
                  "agent",
                  "bgpwire",
                  "bgpcontrol",
                  "bgpd",
                  "controller",
                  "lab")));

  private static final String[] PURE = {
    "io.ocicat.inet..",
    "io.ocicat.bgpwire..",
    "io.ocicat.selector..",
    "io.ocicat.model..",
    "io.ocicat.policy..",
    "io.ocicat.ipam..",
    "io.ocicat.routing..",
    "io.ocicat.plan..",
    "io.ocicat.nft.compile.."
  };

  @Test
  void everyRoomUsesOnlyTheRoomsAboveIt() {
    Set<String> trespasses = new TreeSet<>();
    for (JavaClass origin : PRODUCT) {
      String room = room(origin);
      assertThat(ROOMS).as("the room of %s has a row", origin.getName()).containsKey(room);
      Set<String> allowed = ROOMS.getOrDefault(room, Set.of());
      origin.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith("io.ocicat."))
          .map(ArchitectureTest::room)
          .filter(target -> !target.equals(room) && !allowed.contains(target))
          .forEach(target -> trespasses.add(origin.getName() + " uses room " + target));
    }
    assertThat(trespasses).isEmpty();
  }

  @Test
  void theRoomsHaveNoCycles() {
    Map<String, Set<String>> actual =
        ROOMS.keySet().stream()
            .collect(
                Collectors.toMap(
                    room -> room,
                    room ->
                        PRODUCT.stream()
                            .filter(c -> room(c).equals(room))
                            .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                            .map(d -> d.getTargetClass().getBaseComponentType())
                            .filter(t -> t.getPackageName().startsWith("io.ocicat."))
                            .map(ArchitectureTest::room)
                            .filter(t -> !t.equals(room))
                            .collect(Collectors.toCollection(TreeSet::new))));
    actual.forEach(
        (room, targets) ->
            targets.forEach(
                target ->
                    assertThat(actual.get(target))
                        .as("%s uses %s, so not the other way round", room, target)
                        .doesNotContain(room)));
  }

  @Test
  void onlyLibcTouchesNativeMemory() {
    noClasses()
        .that(resideOutsideOfPackages("io.ocicat.libc.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("java.lang.foreign..")
        .check(PRODUCT);
  }

  @Test
  void pureRoomsDoNoInputOutputAndReadNoClock() {
    noClasses()
        .that(resideInAnyPackage(PURE))
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "threads, files, sockets, processes or clocks",
                target ->
                    target.isAssignableTo(Thread.class)
                        || target.getPackageName().startsWith("java.util.concurrent.locks")
                        || target.getPackageName().startsWith("java.nio.file")
                        || target.getPackageName().startsWith("java.nio.channels")
                        || List.of(
                                "java.io.File",
                                "java.io.FileInputStream",
                                "java.io.FileOutputStream",
                                "java.net.Socket",
                                "java.net.http.HttpClient",
                                "java.lang.ProcessBuilder",
                                "java.time.Clock")
                            .contains(target.getName())))
        .check(PRODUCT);
    noClasses()
        .that(resideInAnyPackage(PURE))
        .should(
            callMethodWhere(
                DescribedPredicate.<JavaMethodCall>describe(
                    "the time or randomness is read",
                    call ->
                        (call.getTargetOwner().isEquivalentTo(System.class)
                                && Set.of("nanoTime", "currentTimeMillis", "getenv", "getProperty")
                                    .contains(call.getName()))
                            || (call.getName().equals("now")
                                && call.getTargetOwner().getPackageName().equals("java.time")))))
        .check(PRODUCT);
  }

  @Test
  void nobodyUsesWhatWeBanned() {
    noClasses()
        // Certificates are built and read with dates of the JDK's old kind.
        .that(resideOutsideOfPackages("io.ocicat.sync.identity.."))
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Date|Calendar|Timer|Vector|Hashtable|Stack)"
                + "|java\\.util\\.logging\\..*|lombok\\..*|org\\.mockito\\..*|net\\.jqwik\\..*")
        .check(PRODUCT);
    noClasses()
        .should(
            callMethodWhere(
                DescribedPredicate.<JavaMethodCall>describe(
                    "names are resolved behind our back",
                    call ->
                        call.getTargetOwner().isEquivalentTo(java.net.InetAddress.class)
                            && Set.of("getByName", "getAllByName").contains(call.getName()))))
        .check(PRODUCT);
  }

  @Test
  void processesAreStartedByTheLabAlone() {
    noClasses()
        .that(resideOutsideOfPackages("io.ocicat.lab..", "io.ocicat.cli.."))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(PRODUCT);
  }

  @Test
  void storesDoNotKnowEachOther() {
    for (String store : List.of("memory", "sqlite", "kubernetes")) {
      noClasses()
          .that(resideOutsideOfPackages("io.ocicat.store." + store + ".."))
          .and(resideInAnyPackage("io.ocicat.store.."))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.ocicat.store." + store + "..")
          .check(PRODUCT);
    }
  }

  @Test
  void onlyTheKubernetesStoreKnowsTheKubernetesClient() {
    noClasses()
        .that(resideOutsideOfPackages("io.ocicat.store.kubernetes.."))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.fabric8..")
        .check(PRODUCT);
  }

  @Test
  void namesSayWhatAThingIs() {
    classes()
        .should()
        .haveNameNotMatching(".*(Manager|Impl|Util|Utils|Helper|Helpers)")
        .check(PRODUCT);
  }

  private static String room(JavaClass type) {
    String rest = type.getPackageName().substring("io.ocicat.".length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
