/**
 * Routing policy: ordered, named terms that accept, reject or change a route.
 *
 * <p>Pure: a policy is evaluated on the facts of one route and says which term decided, so that it
 * can be tested from the command line and explained. All that Calico's BGPFilter and
 * prefixAdvertisements can say has a form here; reading those resources does not belong here.
 */
@NullMarked
package io.ocicat.bgp.policy;

import org.jspecify.annotations.NullMarked;
