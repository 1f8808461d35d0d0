import './second-factors.css';

/** A QR code, dark on light in every theme: cameras read no other. */
export function QrPicture({ size, path }: { readonly size: number; readonly path: string }) {
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code for your authenticator app">
      <path d={path} shapeRendering="crispEdges" />
    </svg>
  );
}
