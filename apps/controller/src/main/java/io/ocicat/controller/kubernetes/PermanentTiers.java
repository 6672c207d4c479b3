package io.ocicat.controller.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ocicat.model.Kinds;
import io.ocicat.model.Tier;
import io.ocicat.store.ResourceKey;
import io.ocicat.store.Store;
import io.ocicat.store.kubernetes.ApiException;
import io.ocicat.store.kubernetes.ApiServer;
import io.ocicat.store.kubernetes.ApiServer.Verb;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the tiers that exist from the start can be seen. What they mean does not depend
 * on that, so a cluster without them, or without their definition, is no failure.
 */
final class PermanentTiers {
  private static final Logger LOG = LoggerFactory.getLogger(PermanentTiers.class);
  private static final String COLLECTION =
      "/apis/" + Kinds.TIER.apiVersion() + "/" + Kinds.TIER.plural();

  private PermanentTiers() {}

  /** Creates those that are missing; asks the server nothing if none is. */
  static void createMissing(Store store, ApiServer server) throws InterruptedException {
    for (Tier tier : Tier.PERMANENT) {
      if (store.get(ResourceKey.ofCluster(Kinds.TIER.name(), tier.name())).isEmpty()) {
        try {
          ObjectNode _ = server.send(Verb.POST, COLLECTION, tier.document());
        } catch (ApiException e) {
          if (!e.isConflict()) {
            LOG.debug("the tier {} was not created: {}", tier.name(), e.getMessage());
            return;
          }
        }
      }
    }
  }
}
