package io.ocicat.model.validation;

import io.ocicat.model.FelixConfiguration;
import io.ocicat.model.WithoutEffect;
import java.util.List;

/** Tells the authors of configuration what of it has no effect. */
final class ConfigurationRules {
  private ConfigurationRules() {}

  static void checkFelix(Place root) {
    Place name = root.at("metadata").at("name");
    if (!name.text().equals(FelixConfiguration.DEFAULT)
        && !name.text().startsWith(FelixConfiguration.NODE_PREFIX)) {
      name.warning("has no effect: only default and node.NAME are honoured");
    }
    warn(root.at("spec"), WithoutEffect.FELIX);
  }

  static void checkControllers(Place root) {
    Place name = root.at("metadata").at("name");
    if (!name.text().equals(FelixConfiguration.DEFAULT)) {
      name.warning("has no effect: only default is honoured");
    }
    Place spec = root.at("spec");
    warn(spec, WithoutEffect.KUBE_CONTROLLERS);
    Place controllers = spec.at("controllers");
    warn(controllers, WithoutEffect.CONTROLLERS);
    Place node = controllers.at("node");
    warn(node, WithoutEffect.NODE_CONTROLLER);
    warn(node.at("hostEndpoint"), WithoutEffect.AUTO_HOST_ENDPOINT);
  }

  private static void warn(Place object, List<String> fields) {
    for (String field : fields) {
      Place place = object.at(field);
      if (place.isPresent()) {
        place.warning("accepted, and has no effect");
      }
    }
  }
}
