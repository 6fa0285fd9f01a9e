package io.jenkins.plugins.minibuild.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.minibuild.http.Http;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * A picture in a multipart form, as the services take uploads.
 *
 * @param field the name of the picture's field
 * @param fields the other fields of the form
 * @param picture JPEG or PNG
 */
record PictureForm(String field, Map<String, String> fields, byte[] picture) {
    /**
     * Posts the form.
     *
     * @return what the service answers, JSON
     * @throws IOException when it cannot be reached, or does not answer JSON
     */
    JsonNode post(Http http, URI uri, Map<String, String> headers) throws IOException, InterruptedException {
        String boundary = "mini-build-" + UUID.randomUUID();
        StringBuilder start = new StringBuilder();
        fields.forEach((name, value) -> start.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(name)
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        boolean png = picture.length > 3 && picture[1] == 'P' && picture[2] == 'N';
        start.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(field)
                .append(png ? "\"; filename=\"qr.png\"" : "\"; filename=\"qr.jpg\"")
                .append("\r\nContent-Type: image/")
                .append(png ? "png" : "jpeg")
                .append("\r\n\r\n");
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.write(start.toString().getBytes(StandardCharsets.UTF_8));
        form.write(picture);
        form.write(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return http.send("POST", uri, headers, form.toByteArray(), "multipart/form-data; boundary=" + boundary)
                .json();
    }
}
