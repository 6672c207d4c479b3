/**
 * Pod links, routes and kernel parameters of one node.
 *
 * <pre>
 *   pod namespace                              node namespace
 *   eth0  10.1.0.5/32  fd00::5/128             oci4f0c…  ee:ee:ee:ee:ee:ee  fe80::ecee:eeff:feee:eeee
 *   default via 169.254.1.1, fe80::ecee:…  ═══ 10.1.0.5, fd00::5 dev oci4f0c… proto 79
 *                                              blackhole 10.1.0.0/26, 10.2.0.0/26 via node 2
 * </pre>
 *
 * <p>{@link io.ocicat.links.PodWiring} makes, checks and removes the link of a pod, on the path of
 * a CNI call. {@link io.ocicat.links.RouteReconciler} and {@link io.ocicat.links.SysctlReconciler}
 * make the kernel equal to a plan, at every change and for drift. What is ours is known by name and
 * alias of a link and by the protocol number of a route; nothing else is touched. {@link
 * io.ocicat.links.RememberedSysctls} knows what the node's parameters were before.
 *
 * <p>Everything here works on the namespace of the thread that opened it. No policy here.
 */
@NullMarked
package io.ocicat.links;

import org.jspecify.annotations.NullMarked;
