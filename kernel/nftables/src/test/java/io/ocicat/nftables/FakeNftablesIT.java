package io.ocicat.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.ocicat.libc.NetNamespace;
import io.ocicat.nftables.fake.FakeNftables;
import io.ocicat.testkit.Property;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The imitation does what the kernel does. */
@Timeout(120)
final class FakeNftablesIT {
  private final NetNamespace namespace = NetNamespace.create();
  private final NftConnection kernel = namespace.call(NftConnection::open);

  @AfterEach
  void close() {
    kernel.close();
    namespace.close();
  }

  private int committed;
  private int refused;

  @Test
  void acceptsAndRefusesWhatTheKernelDoes() {
    Property.cases(100)
        .check(
            RandomTransactions.sequences(),
            sequence -> {
              FakeNftables fake = new FakeNftables();
              kernel.commit(NftTransaction.on(Specimen.TABLE).addTable().deleteTable().build());
              for (NftTransaction transaction : sequence) {
                CommitResult ofKernel = kernel.commit(transaction);
                committed += ofKernel instanceof CommitResult.Committed ? 1 : 0;
                refused += ofKernel instanceof CommitResult.Refused ? 1 : 0;
                assertThat(verdict(fake.commit(transaction)))
                    .as("%s, the kernel says: %s", transaction, ofKernel)
                    .isEqualTo(verdict(ofKernel));
                assertThat(content(fake)).isEqualTo(content(kernel));
              }
            });
    // Both must have been put to the test.
    assertThat(committed).isGreaterThan(100);
    assertThat(refused).isGreaterThan(100);
  }

  private static String verdict(CommitResult result) {
    return switch (result) {
      case CommitResult.Committed _ -> "committed";
      case CommitResult.Refused _ -> "refused";
      case CommitResult.GenerationMismatch _ -> "generation mismatch";
    };
  }

  private static Optional<NftTable> content(Nftables nftables) {
    return nftables.dump(Specimen.TABLE).map(NftDump::content);
  }
}
