package io.ocicat.rtnetlink;

/** Constants of {@code linux/neighbour.h}. */
public final class LinuxNeighbour {

  public static final int NDA_DST = 1;
  public static final int NDA_LLADDR = 2;

  public static final int NUD_REACHABLE = 0x02;
  public static final int NUD_STALE = 0x04;
  public static final int NUD_PERMANENT = 0x80;
  public static final int NTF_PROXY = 0x08;

  private LinuxNeighbour() {}
}
