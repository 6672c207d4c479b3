/**
 * What agents report, as documents: WorkloadEndpoints, and the addresses and conditions of Nodes;
 * and what follows from documents for the status of IPPools.
 *
 * <p>Everything else in the controller learns of a report by the document that it became, so that
 * state depends on the store alone. A node's reports touch documents of that node only. One thread
 * writes.
 */
@NullMarked
package io.ocicat.controller.reports;

import org.jspecify.annotations.NullMarked;
