package com.cloudbees.plugins.credentials;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Bytes that are secret; the local slice keeps them as they are. */
public class SecretBytes implements Serializable {
    private static final long serialVersionUID = 1L;

    private final byte[] value;

    private SecretBytes(byte[] value) {
        this.value = value;
    }

    @NonNull
    public byte[] getPlainData() {
        return value.clone();
    }

    public static SecretBytes fromRawBytes(byte[] data) {
        return new SecretBytes(data.clone());
    }

    @NonNull
    public static SecretBytes fromString(String data) {
        return new SecretBytes(Base64.getDecoder().decode(data.getBytes(StandardCharsets.US_ASCII)));
    }
}
