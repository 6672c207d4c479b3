package io.ocicat.rtnetlink;

/** Constants of {@code linux/fib_rules.h}. */
public final class LinuxFibRules {

  public static final int FRA_DST = 1;
  public static final int FRA_SRC = 2;
  public static final int FRA_IIFNAME = 3;
  public static final int FRA_PRIORITY = 6;
  public static final int FRA_FWMARK = 10;
  public static final int FRA_TABLE = 15;
  public static final int FRA_FWMASK = 16;
  public static final int FRA_PROTOCOL = 21;

  public static final int FR_ACT_TO_TBL = 1;

  private LinuxFibRules() {}
}
