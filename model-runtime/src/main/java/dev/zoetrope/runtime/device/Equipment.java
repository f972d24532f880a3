package dev.zoetrope.runtime.device;

import java.util.List;

/**
 * What there is to compute with.
 *
 * @param devices the fastest first
 * @param precisions of the device in use
 * @param threads of the processor in use
 */
public record Equipment(List<ComputeDevice> devices, List<Precision> precisions, int threads) {
    public Equipment {
        devices = List.copyOf(devices);
        precisions = List.copyOf(precisions);
    }
}
