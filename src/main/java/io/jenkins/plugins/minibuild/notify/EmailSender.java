package io.jenkins.plugins.minibuild.notify;

import jakarta.activation.DataHandler;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jenkins.util.SetContextClassLoader;

/** Email through the server that Jenkins uses: an HTML and a text part, a picture inline. */
final class EmailSender implements Sender {
    static final int MOST_BYTES = 64_000;
    static final List<Rate> RATES = List.of();

    private static final String TIMEOUT = "15000";
    private static final Pattern CODE = Pattern.compile("(?<!\\d)([45])\\d\\d(?!\\d)");

    private final Session session;
    private final String from;
    private final String to;

    /**
     * @param session with the server's address
     * @param from the address of Jenkins' administrator
     * @param to addresses, separated by commas or white space
     */
    EmailSender(Session session, String from, String to) {
        this.session = session;
        this.from = from;
        this.to = to;
    }

    @Override
    public SendResult send(Message message, byte[] picture) {
        // The mail plugin finds its handlers of content types by the thread's class loader.
        try (SetContextClassLoader loader = new SetContextClassLoader(Session.class)) {
            Set<String> all = new LinkedHashSet<>(List.of(to.split("[,;\\s]+")));
            message.content().mentioned().forEach(each -> all.add(each.email()));
            all.remove("");
            if (all.isEmpty()) {
                return SendResult.refused(Messages.EmailSender_nobody());
            }
            Properties properties = session.getProperties();
            for (String protocol : List.of("mail.smtp.", "mail.smtps.")) {
                properties.setProperty(protocol + "timeout", TIMEOUT);
                properties.setProperty(protocol + "connectiontimeout", TIMEOUT);
                properties.setProperty(protocol + "writetimeout", TIMEOUT);
            }
            Transport.send(made(message, picture, all));
            return SendResult.sent(Messages.EmailSender_sent(Integer.toString(all.size())));
        } catch (MessagingException e) {
            return judged(e);
        }
    }

    private MimeMessage made(Message message, byte[] picture, Set<String> all) throws MessagingException {
        MimeMessage mail = new MimeMessage(session);
        mail.setFrom(new InternetAddress(from, false));
        for (String each : all) {
            mail.addRecipient(RecipientType.TO, new InternetAddress(each, true));
        }
        mail.setSubject(message.content().title(), "UTF-8");
        mail.setSentDate(new Date(message.origin().created()));
        mail.setHeader("Auto-Submitted", "auto-generated");
        mail.setHeader("X-Jenkins-Job", ByteLimit.cut(message.origin().job().replaceAll("[^\\x20-\\x7e]", "?"), 200));
        MimeBodyPart text = new MimeBodyPart();
        text.setText(message.content().plain(), "UTF-8", "plain");
        MimeBodyPart html = new MimeBodyPart();
        html.setText(
                "<!DOCTYPE html><html><body>" + message.content().body()
                        + (picture.length > 0 ? "<p><img src=\"cid:picture\" alt=\"QR\"></p>" : "") + "</body></html>",
                "UTF-8",
                "html");
        MimeMultipart both = new MimeMultipart("alternative", text, html);
        if (picture.length > 0) {
            MimeBodyPart image = new MimeBodyPart();
            image.setDataHandler(new DataHandler(new ByteArrayDataSource(picture, pictureType(picture))));
            image.setContentID("<picture>");
            image.setDisposition(MimeBodyPart.INLINE);
            image.setFileName("qr" + (pictureType(picture).endsWith("png") ? ".png" : ".jpg"));
            MimeBodyPart inner = new MimeBodyPart();
            inner.setContent(both);
            mail.setContent(new MimeMultipart("related", inner, image));
        } else {
            mail.setContent(both);
        }
        mail.saveChanges();
        return mail;
    }

    private static String pictureType(byte[] picture) {
        return picture.length > 3 && picture[1] == 'P' && picture[2] == 'N' ? "image/png" : "image/jpeg";
    }

    private static SendResult judged(MessagingException e) {
        String said = ByteLimit.cut(String.valueOf(e.getMessage()).replaceAll("\\s+", " "), 300);
        String text = Messages.EmailSender_failed(said);
        if (e instanceof AuthenticationFailedException) {
            return SendResult.broken(text + " " + Messages.EmailSender_login());
        }
        if (e instanceof AddressException) {
            return SendResult.refused(text);
        }
        for (Throwable each = e; each != null; each = each.getCause()) {
            if (each instanceof ConnectException
                    || each instanceof SocketTimeoutException
                    || each instanceof UnknownHostException) {
                return SendResult.failed(text + " " + Messages.EmailSender_server());
            }
        }
        StringBuilder everything = new StringBuilder(said);
        Exception next = e.getNextException();
        if (next != null) {
            everything.append(' ').append(next.getMessage());
        }
        Matcher code = CODE.matcher(everything);
        return code.find() && code.group(1).equals("5") ? SendResult.refused(text) : SendResult.failed(text);
    }
}
