# docker build -t acp-bridge . && docker run --env-file .env -p 8080:8080 -v acp-bridge:/data acp-bridge
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# Pure Go: SQLite is modernc's, so nothing of the build image is needed at run time.
RUN CGO_ENABLED=0 go build -tags nomsgpack -trimpath -buildvcs=false -ldflags "-s -w" -o /out/acp-bridge . \
 && mkdir -p /out/data /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/acp-bridge /acp-bridge
# Owned by the user below, so that the database and SQLite's temporary files can be written.
COPY --from=build --chown=65532:65532 /out/data /data
COPY --from=build --chown=65532:65532 /out/tmp /tmp
USER 65532:65532
WORKDIR /data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/acp-bridge"]
CMD ["serve"]
