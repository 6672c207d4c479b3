package io.ocicat.controller;

import io.ocicat.testkit.kubernetes.RealApiServer;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests, with a reason, where there is no API server to run them on. */
final class NeedsApiServer implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> reason = RealApiServer.whyNone();
    reason.ifPresent(
        text -> System.err.println("SKIPPED " + context.getDisplayName() + ": " + text));
    return reason
        .map(ConditionEvaluationResult::disabled)
        .orElseGet(() -> ConditionEvaluationResult.enabled("there is an API server"));
  }
}
