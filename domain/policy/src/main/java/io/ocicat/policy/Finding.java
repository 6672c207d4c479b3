package io.ocicat.policy;

/**
 * What one field of a rule says of a packet.
 *
 * @param path the field in the manifest, such as {@code spec.ingress[0].from[1].podSelector}
 * @param holds whether the packet is as the field asks
 * @param text what decided that: the label, range or port, for people
 */
public record Finding(
    RuleField field, RuleField.Side side, String path, boolean holds, String text) {}
