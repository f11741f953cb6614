/** A time span as trees and lenses have room for: 'just now', '5 min ago', '2 h ago', '3 d ago', '2 y ago'. */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ago`;
  const days = Math.floor(minutes / 1440);
  return days < 730 ? `${days} d ago` : `${Math.floor(days / 365)} y ago`;
}
