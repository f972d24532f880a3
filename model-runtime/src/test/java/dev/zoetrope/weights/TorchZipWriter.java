package dev.zoetrope.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes tensors as {@code torch.save} does. */
public final class TorchZipWriter {
    private TorchZipWriter() {}

    /** Of contiguous fp32 tensors. */
    public static void write(Path file, Map<String, TensorSlice> tensors) throws IOException {
        PickleWriter pickle = new PickleWriter(2).newOrderedDict().op('(');
        Map<String, byte[]> storages = new LinkedHashMap<>();
        for (Map.Entry<String, TensorSlice> tensor : tensors.entrySet()) {
            TensorSlice slice = tensor.getValue();
            String key = String.valueOf(storages.size());
            int elements = (int) slice.elements();
            pickle.text(tensor.getKey())
                    .tensor(
                            new Weights.Storage(key, "FloatStorage", Float.BYTES, elements),
                            0,
                            slice.shape(),
                            slice.strides(),
                            false);
            storages.put("archive/data/" + key, Weights.bytes(slice).array());
        }
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("archive/data.pkl", pickle.op('u').stop());
        entries.putAll(storages);
        Files.write(file, Weights.zip(entries));
    }
}
