package io.ocicat.sync.grpc;

import io.ocicat.inet.IpFamily;
import io.ocicat.sync.BlockAnswer;
import io.ocicat.sync.BlockRequest;
import io.ocicat.sync.PodAnswer;
import io.ocicat.sync.ReleaseAnswer;
import io.ocicat.sync.wire.PoolsRefusal;
import io.ocicat.sync.wire.ReleaseBlockResponse;
import io.ocicat.sync.wire.RequestBlockRequest;
import io.ocicat.sync.wire.RequestBlockResponse;
import io.ocicat.sync.wire.ResolvePodResponse;
import java.util.List;

/** Questions and answers as protobuf. {@code Unavailable} has no form: it is an RPC that failed. */
final class AnswerCodec {

  private AnswerCodec() {}

  /** An answer that says why there is none. */
  static final class NoAnswer extends RuntimeException {
    NoAnswer(String reason) {
      super(reason);
    }
  }

  static RequestBlockRequest encode(BlockRequest request) {
    return RequestBlockRequest.newBuilder()
        .setAddressBits(request.family().bits())
        .addAllPools(request.pools())
        .build();
  }

  /**
   * @throws IllegalArgumentException if the number of bits is that of no family
   */
  static BlockRequest decode(RequestBlockRequest request) {
    for (IpFamily family : IpFamily.values()) {
      if (family.bits() == request.getAddressBits()) {
        return new BlockRequest(family, request.getPoolsList());
      }
    }
    throw new IllegalArgumentException(
        "no address family has " + request.getAddressBits() + " bits");
  }

  /**
   * @throws NoAnswer for {@code Unavailable}
   */
  static RequestBlockResponse encode(BlockAnswer answer) {
    RequestBlockResponse.Builder builder = RequestBlockResponse.newBuilder();
    return switch (answer) {
      case BlockAnswer.Leased(var block) -> builder.setLeased(ItemCodec.encodeBlock(block)).build();
      case BlockAnswer.PoolExhausted(var pools) -> builder.setExhausted(refusal(pools)).build();
      case BlockAnswer.PoolDisabled(var pools) -> builder.setDisabled(refusal(pools)).build();
      case BlockAnswer.NoPoolForNode(var pools) -> builder.setNotForNode(refusal(pools)).build();
      case BlockAnswer.Unavailable(var reason) -> throw new NoAnswer(reason);
    };
  }

  static BlockAnswer decode(RequestBlockResponse response) {
    return switch (response.getAnswerCase()) {
      case LEASED -> new BlockAnswer.Leased(ItemCodec.decodeBlock(response.getLeased()));
      case EXHAUSTED -> new BlockAnswer.PoolExhausted(response.getExhausted().getPoolsList());
      case DISABLED -> new BlockAnswer.PoolDisabled(response.getDisabled().getPoolsList());
      case NOT_FOR_NODE -> new BlockAnswer.NoPoolForNode(response.getNotForNode().getPoolsList());
      case ANSWER_NOT_SET ->
          new BlockAnswer.Unavailable("the controller's answer is of a later version");
    };
  }

  private static PoolsRefusal refusal(List<String> pools) {
    return PoolsRefusal.newBuilder().addAllPools(pools).build();
  }

  /**
   * @throws NoAnswer for {@code Unavailable}
   */
  static ResolvePodResponse encode(PodAnswer answer) {
    ResolvePodResponse.Builder builder = ResolvePodResponse.newBuilder();
    return switch (answer) {
      case PodAnswer.Found(var pod, var labels) ->
          builder.setPod(ItemCodec.encodePod(pod)).putAllNamespaceLabels(labels).build();
      case PodAnswer.NotFound(var labels) -> builder.putAllNamespaceLabels(labels).build();
      case PodAnswer.Unavailable(var reason) -> throw new NoAnswer(reason);
    };
  }

  static PodAnswer decode(ResolvePodResponse response) {
    return response.hasPod()
        ? new PodAnswer.Found(
            ItemCodec.decodePod(response.getPod()), response.getNamespaceLabelsMap())
        : new PodAnswer.NotFound(response.getNamespaceLabelsMap());
  }

  /**
   * @throws NoAnswer for {@code Unavailable}
   */
  static ReleaseBlockResponse encode(ReleaseAnswer answer) {
    return switch (answer) {
      case ReleaseAnswer.Released() -> ReleaseBlockResponse.newBuilder().setReleased(true).build();
      case ReleaseAnswer.NotLeased() -> ReleaseBlockResponse.getDefaultInstance();
      case ReleaseAnswer.Unavailable(var reason) -> throw new NoAnswer(reason);
    };
  }

  static ReleaseAnswer decode(ReleaseBlockResponse response) {
    return response.getReleased() ? new ReleaseAnswer.Released() : new ReleaseAnswer.NotLeased();
  }
}
