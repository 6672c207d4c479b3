package io.ocicat.cli;

/**
 * A command that another module brings, found by {@link java.util.ServiceLoader}. It is looked for
 * only when the words given name no command of this module, so that it costs the others nothing.
 */
public interface CommandSource {

  /** The word that names the command. */
  String name();

  /** A picocli command object, made when the command is used or listed. */
  Object command();
}
