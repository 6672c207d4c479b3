package io.ocicat.cniplugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The executable as built for this machine. */
public final class CniPlugin {

  /** Its file name, which is the {@code type} in network configurations. */
  public static final String TYPE = "ocicat";

  /** The name under which runtimes look for what brings up {@code lo}. */
  public static final String LOOPBACK_TYPE = "loopback";

  /** In ocicat.c too. */
  private static final String MARK = "made of io.ocicat.cniplugin";

  private CniPlugin() {}

  /** Whether a file has this executable in it, of whatever version. */
  public static boolean isThis(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1).contains(MARK);
  }

  /** The bytes of the static executable. */
  public static byte[] executable() {
    try (InputStream in = CniPlugin.class.getResourceAsStream(TYPE)) {
      if (in == null) {
        throw new IllegalStateException(
            "the CNI executable is not beside its class; build apps/cni-plugin with Maven");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the CNI executable from the class path", e);
    }
  }
}
