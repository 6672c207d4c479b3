package io.ocicat.netlink;

import java.util.ArrayList;
import java.util.List;

/** Flags of {@code nlmsghdr}, {@code linux/netlink.h}. */
public final class NlFlags {

  public static final int REQUEST = 0x1;
  public static final int MULTI = 0x2;
  public static final int ACK = 0x4;
  public static final int ECHO = 0x8;

  /** The dump is inconsistent because the objects changed meanwhile. */
  public static final int DUMP_INTR = 0x10;

  public static final int DUMP_FILTERED = 0x20;

  /** With a GET request. */
  public static final int ROOT = 0x100;

  public static final int MATCH = 0x200;
  public static final int DUMP = ROOT | MATCH;

  /** With a NEW request. */
  public static final int REPLACE = 0x100;

  public static final int EXCL = 0x200;
  public static final int CREATE = 0x400;
  public static final int APPEND = 0x800;

  /** With a DELETE request. */
  public static final int NONREC = 0x100;

  public static final int BULK = 0x200;

  /** With an acknowledgement: the request is not repeated in full. */
  public static final int CAPPED = 0x100;

  /** With an acknowledgement: attributes follow. */
  public static final int ACK_TLVS = 0x200;

  private NlFlags() {}

  /** The flags that mean the same in every message by name, the others as a number. */
  public static String describe(int flags) {
    List<String> words = new ArrayList<>();
    int rest = flags;
    String[] names = {"REQUEST", "MULTI", "ACK", "ECHO", "DUMP_INTR", "DUMP_FILTERED"};
    for (int bit = 0; bit < names.length; bit++) {
      if ((rest >> bit & 1) == 1) {
        words.add(names[bit]);
      }
    }
    rest &= ~0x3f;
    if (rest != 0) {
      words.add("0x" + Integer.toHexString(rest));
    }
    return String.join("|", words);
  }
}
