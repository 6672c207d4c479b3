/** Tests of the reader of reported packets. */
@org.jspecify.annotations.NullMarked
package io.ocicat.nftables.log;
